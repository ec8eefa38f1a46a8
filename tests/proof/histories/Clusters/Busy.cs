namespace OrleansCache.Proof.Clusters;

/// <summary>Tests that keep a whole machine busy for a while: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class Busy
{
    public const string Name = "busy";
}
