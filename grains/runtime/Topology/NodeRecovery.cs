namespace OrleansCache.Topology;

/// <summary>Which silos cannot reach which nodes, by what they last said, and how often in a row a node that is down has answered since.</summary>
/// <param name="reportsLast">For how many milliseconds a report counts; silos repeat theirs while they have something to report.</param>
internal sealed class NodeRecovery(long reportsLast)
{
    // One answer may be luck; two in a row, a trial apart, are taken as being back.
    private const int AnswersToBeBack = 2;

    private readonly Dictionary<string, (string[] Down, long At)> _reports = [];
    private readonly Dictionary<string, int> _answers = [];

    /// <summary>Takes a silo's report in the place of its last one.</summary>
    public void Report(string silo, string[] down, long now) => _reports[silo] = (down, now);

    public int Reporters(string node, long now) =>
        _reports.Values.Count(report => now - report.At < reportsLast && report.Down.Contains(node));

    public void Begin(string node) => _answers[node] = 0;

    /// <summary>Notes the outcome of a trial; true when the node has answered often enough to be back.</summary>
    public bool Passed(string node, bool answered)
    {
        var answers = answered ? _answers.GetValueOrDefault(node) + 1 : 0;
        _answers[node] = answers;
        if (answers < AnswersToBeBack)
            return false;
        _answers.Remove(node);
        return true;
    }
}
