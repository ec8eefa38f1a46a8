namespace OrleansCache.Engine.Tests.Memory;

/// <summary>What measures the process runs when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection : ICollectionFixture<OneSilo>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
