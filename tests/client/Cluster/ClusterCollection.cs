using Xunit;

namespace OrleansCache.Client.Tests.Cluster;

/// <summary>The test classes that share the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
