using Xunit;

namespace OrleansCache.Tests.Console;

/// <summary>The test classes that share the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
