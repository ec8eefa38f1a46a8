namespace OrleansCache.Distance.Cuts;

/// <summary>Tests that measure times; they run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
