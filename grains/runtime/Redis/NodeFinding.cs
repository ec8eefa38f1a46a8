namespace OrleansCache.Redis;

/// <summary>What was found out about a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="ReadProblem">Why it serves no reads; null when it does.</param>
/// <param name="ReadsReplica">Whether its reads go to a replica.</param>
/// <param name="WriteProblem">Why it takes no writes; null when it does.</param>
internal readonly record struct NodeFinding(NodeShard Shard, string? ReadProblem, bool ReadsReplica, string? WriteProblem)
{
    private const int MostNamed = 3;

    /// <summary>Whether its keys are read.</summary>
    public bool IsServed => ReadProblem is null;

    /// <summary>The health of a node from what was found out about its shards.</summary>
    public static NodeHealth Summarize(IReadOnlyList<NodeFinding> findings, bool isDown)
    {
        NodeFinding[] bad = [.. findings.Where(finding => finding is not { ReadProblem: null, WriteProblem: null, ReadsReplica: false })];
        if (bad.Length == 0)
            return NodeHealth.Up;
        var state = isDown ? NodeState.Down : NodeState.Degraded;
        if (findings is [{ Shard.Name: "" }])
            return new(state, bad[0].Say());
        var named = string.Join("; ", bad.Take(MostNamed).Select(finding => $"{finding.Shard.Name}: {finding.Say()}"));
        var more = bad.Length > MostNamed ? $"; and {bad.Length - MostNamed} more" : "";
        return new(state, $"{findings.Count - bad.Length} of {findings.Count} shards; {named}{more}");
    }

    private string Say() => this switch
    {
        { ReadProblem: { } problem } => problem,
        { ReadsReplica: true, WriteProblem: { } problem } => $"read from a replica, no writes: {problem}",
        { WriteProblem: { } problem } => $"no writes: {problem}",
        _ => "read from a replica",
    };
}
