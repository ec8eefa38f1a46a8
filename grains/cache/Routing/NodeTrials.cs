namespace OrleansCache.Routing;

/// <summary>Who has lately reported which node down, and how often in a row a node that is down has answered since.</summary>
/// <param name="reportsLast">For how many milliseconds a report counts; silos repeat theirs while they have something to report.</param>
internal sealed class NodeTrials(long reportsLast)
{
    // One answer may be luck; two in a row, a trial apart, are taken as being back.
    private const int AnswersToBeBack = 2;

    private readonly Dictionary<string, Dictionary<string, long>> _reporters = [];
    private readonly Dictionary<string, int> _answers = [];

    public void Report(string node, string silo, long now)
    {
        if (!_reporters.TryGetValue(node, out var reporters))
            _reporters[node] = reporters = [];
        reporters[silo] = now;
    }

    public int Reporters(string node, long now) =>
        _reporters.TryGetValue(node, out var reporters) ? reporters.Values.Count(reported => now - reported < reportsLast) : 0;

    public void Begin(string node) => _answers[node] = 0;

    /// <summary>Notes the outcome of a trial; true when the node has answered often enough to be back.</summary>
    public bool Passed(string node, bool answered)
    {
        var answers = answered ? _answers.GetValueOrDefault(node) + 1 : 0;
        _answers[node] = answers;
        if (answers < AnswersToBeBack)
            return false;
        _answers.Remove(node);
        _reporters.Remove(node);
        return true;
    }
}
