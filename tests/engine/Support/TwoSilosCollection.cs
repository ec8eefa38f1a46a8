namespace OrleansCache.Engine.Tests.Support;

/// <summary>The tests that share one cluster, as starting one takes seconds. Their grains have keys of their own.</summary>
[CollectionDefinition(Name)]
public sealed class TwoSilosCollection : ICollectionFixture<TwoSilos>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "two silos";
}
