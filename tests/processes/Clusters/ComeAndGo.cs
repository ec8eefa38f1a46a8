namespace OrleansCache.Processes.Tests.Clusters;

/// <summary>Tests with clusters of their own that run one after the other: two at once, and the load of others, is what a small machine bears.</summary>
[CollectionDefinition(Name)]
public sealed class ComeAndGo
{
    internal const string Name = "Silos come and go";
}
