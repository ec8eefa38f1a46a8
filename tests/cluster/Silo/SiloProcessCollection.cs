namespace OrleansCache.Tests.Silo;

/// <summary>The tests that start silo processes, one at a time: each loads a core of a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class SiloProcessCollection
{
    public const string Name = "silo processes";
}
