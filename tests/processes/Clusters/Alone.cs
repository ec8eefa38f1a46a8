namespace OrleansCache.Processes.Tests.Clusters;

/// <summary>What fills this very process with work, so that a load which another test makes in it would not be steady.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    internal const string Name = "Alone";
}
