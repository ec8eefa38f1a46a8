using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

public sealed class NodeTrialsTests
{
    private const long Now = 1_000_000;

    private readonly NodeTrials _trials = new(reportsLast: 10_000);

    [Fact]
    public void A_silo_counts_once_however_often_it_reports()
    {
        _trials.Report("europe.1", ["node"], Now);
        _trials.Report("europe.1", ["node"], Now + 1);
        _trials.Report("europe.2", ["other", "node"], Now + 2);
        _trials.Report("europe.3", ["other"], Now + 2);

        Assert.Equal(2, _trials.Reporters("node", Now + 3));
        Assert.Equal(0, _trials.Reporters("unknown", Now));
    }

    [Fact]
    public void A_report_takes_the_place_of_the_silos_last_one()
    {
        _trials.Report("europe.1", ["node"], Now);
        _trials.Report("europe.1", [], Now + 1);

        Assert.Equal(0, _trials.Reporters("node", Now + 1));
    }

    [Fact]
    public void A_report_that_is_not_repeated_ceases_to_count()
    {
        _trials.Report("europe.1", ["node"], Now);
        _trials.Report("europe.2", ["node"], Now + 9_000);

        Assert.Equal(2, _trials.Reporters("node", Now + 9_999));
        Assert.Equal(1, _trials.Reporters("node", Now + 10_000));
        Assert.Equal(0, _trials.Reporters("node", Now + 19_000));
    }

    [Fact]
    public void A_node_is_back_when_it_has_answered_twice_in_a_row()
    {
        _trials.Begin("node");

        Assert.Equal([false, false, false, true], new[] { true, false, true, true }.Select(answered => _trials.Passed("node", answered)));
    }
}
