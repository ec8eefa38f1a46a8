namespace OrleansCache.Tests.Silo;

/// <summary>The tests that start silo processes: one at a time, as each puts as much load on a small machine as it bears.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SiloProcessCollection
{
    public const string Name = "silo processes";
}
