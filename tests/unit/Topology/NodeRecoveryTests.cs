using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

public sealed class NodeRecoveryTests
{
    private const long Now = 1_000_000;

    private readonly NodeRecovery _recovery = new(validFor: 10_000);

    [Fact]
    public void A_silo_counts_once_however_often_it_reports()
    {
        _recovery.Report("europe.1", [Down("node")], Now);
        _recovery.Report("europe.1", [Down("node")], Now + 1);
        _recovery.Report("europe.2", [Down("other"), Down("node")], Now + 2);
        _recovery.Report("europe.3", [Down("other")], Now + 2);

        Assert.Equal(2, _recovery.Reporters("node", Now + 3));
        Assert.Equal(0, _recovery.Reporters("unknown", Now));
    }

    [Fact]
    public void A_node_that_is_used_in_part_counts_for_no_ejection_but_has_a_reason()
    {
        _recovery.Report("europe.1", [new("node", NodeState.Degraded, "no writes")], Now);
        Assert.Equal((0, "no writes"), (_recovery.Reporters("node", Now), _recovery.ReasonOf("node", Now)));

        _recovery.Report("europe.2", [Down("node")], Now);
        Assert.Equal((1, "LOADING"), (_recovery.Reporters("node", Now), _recovery.ReasonOf("node", Now)));
        Assert.Null(_recovery.ReasonOf("node", Now + 10_000));
    }

    [Fact]
    public void A_report_replaces_the_silos_last_one()
    {
        _recovery.Report("europe.1", [Down("node")], Now);
        _recovery.Report("europe.1", [], Now + 1);

        Assert.Equal(0, _recovery.Reporters("node", Now + 1));
    }

    [Fact]
    public void A_report_that_is_not_repeated_expires()
    {
        _recovery.Report("europe.1", [Down("node")], Now);
        _recovery.Report("europe.2", [Down("node")], Now + 9_000);

        Assert.Equal(2, _recovery.Reporters("node", Now + 9_999));
        Assert.Equal(1, _recovery.Reporters("node", Now + 10_000));
        Assert.Equal(0, _recovery.Reporters("node", Now + 19_000));
    }

    [Fact]
    public void A_node_is_restored_after_two_successful_probes_in_a_row()
    {
        _recovery.Begin("node", "OOM");
        Assert.Equal("OOM", _recovery.ReasonOf("node", Now));

        Assert.Equal([false, false, false, true], new[] { true, false, true, true }.Select(answered => _recovery.Passed("node", answered)));
        Assert.Null(_recovery.ReasonOf("node", Now));
    }

    private static NodeTrouble Down(string node) => new(node, NodeState.Down, "LOADING");
}
