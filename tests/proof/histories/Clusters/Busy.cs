namespace OrleansCache.Proof.Clusters;

/// <summary>Tests that load the whole machine; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class Busy
{
    public const string Name = "busy";
}
