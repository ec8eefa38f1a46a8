using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansCache.Engine.Membership;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>How silos agree on deaths, and what a silo makes of a table that it cannot use.</summary>
public sealed class ClusterMembershipTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FlakyTable _table = new();

    [Fact]
    public async Task One_silo_that_gets_no_answer_does_not_kill_another_that_the_rest_reaches()
    {
        var silos = await JoinAsync(4);

        await silos[0].SuspectAsync(Silos.Address(4), isGone: false);
        await silos[0].SuspectAsync(Silos.Address(4), isGone: false);
        Assert.Equal(SiloStatus.Active, await StatusAsync(4));

        await silos[1].SuspectAsync(Silos.Address(4), isGone: false);
        Assert.Equal(SiloStatus.Dead, await StatusAsync(4));
    }

    [Fact]
    public async Task A_vote_expires()
    {
        var silos = await JoinAsync(4);
        await silos[0].SuspectAsync(Silos.Address(4), isGone: false);
        _time.Advance(new ClusterMembershipOptions().DeathVoteExpirationTimeout);

        await silos[1].SuspectAsync(Silos.Address(4), isGone: false);

        Assert.Equal(SiloStatus.Active, await StatusAsync(4));
    }

    [Fact]
    public async Task Proof_needs_no_second_vote()
    {
        var silos = await JoinAsync(4);

        await silos[0].SuspectAsync(Silos.Address(4), isGone: true);

        Assert.Equal(SiloStatus.Dead, await StatusAsync(4));
        Assert.False(silos[0].IsSuspected(Silos.Address(4)));
    }

    [Fact]
    public async Task Of_two_silos_either_may_judge_the_other()
    {
        var silos = await JoinAsync(2);

        await silos[0].SuspectAsync(Silos.Address(2), isGone: false);

        Assert.Equal(SiloStatus.Dead, await StatusAsync(2));
        await Assert.ThrowsAsync<OrleansException>(() => silos[1].SetStatusAsync(SiloStatus.Active, CancellationToken.None));
    }

    [Fact]
    public async Task The_last_of_three_judges_alone_but_only_after_it_would_have_been_judged_itself()
    {
        var silos = await JoinAsync(3);
        await silos[0].SuspectAsync(Silos.Address(2), isGone: false);
        await silos[0].SuspectAsync(Silos.Address(3), isGone: false);
        Assert.Equal((SiloStatus.Active, SiloStatus.Active), (await StatusAsync(2), await StatusAsync(3)));

        await silos[0].SuspectAsync(Silos.Address(2), isGone: false, isPatient: true);
        await silos[0].SuspectAsync(Silos.Address(3), isGone: false, isPatient: true);

        Assert.Equal((SiloStatus.Dead, SiloStatus.Dead), (await StatusAsync(2), await StatusAsync(3)));
    }

    [Fact]
    public async Task While_the_table_cannot_be_used_a_death_waits_and_what_is_known_counts()
    {
        var silos = await JoinAsync(3);
        var version = silos[0].CurrentSnapshot.Version;
        _table.IsDown = true;

        await silos[0].SuspectAsync(Silos.Address(3), isGone: true);
        await silos[0].Refresh();

        Assert.Equal(version, silos[0].CurrentSnapshot.Version);
        Assert.False(silos[0].IsTableReachable);
        Assert.True(silos[0].IsGone(Silos.Address(3)));

        _table.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await silos[0].SuspectAsync(Silos.Address(3), isGone: true);
        Assert.Equal(SiloStatus.Dead, await StatusAsync(3));
        Assert.True(silos[0].IsTableReachable);
    }

    [Fact]
    public async Task While_the_table_cannot_be_used_a_silo_learns_from_the_others()
    {
        var silos = await JoinAsync(2);
        var news = silos[0].State.Next([Silos.Row(3)], 25);
        silos[0].AskOthers = _ => Task.FromResult<MembershipState?>(news);
        _table.IsDown = true;

        Assert.True(await silos[0].ReachAsync(news.Version, CancellationToken.None));
        Assert.False(await silos[0].ReachAsync(news.Version + 1, CancellationToken.None));

        Assert.Equal(SiloStatus.Active, silos[0].CurrentSnapshot.GetSiloStatus(Silos.Address(3)));
    }

    [Fact]
    public async Task A_table_that_comes_back_empty_is_written_anew_and_no_view_goes_back()
    {
        var silos = await JoinAsync(3);
        var versions = silos.Select(silo => silo.CurrentSnapshot.Version).ToArray();
        _table.Lose();

        await Task.WhenAll(silos.Select(silo => silo.Refresh().AsTask()));
        await Task.WhenAll(silos.Select(silo => silo.Refresh().AsTask()));

        for (var i = 0; i < silos.Length; i++)
        {
            Assert.True(silos[i].CurrentSnapshot.Version > versions[i]);
            Assert.Equal(silos[0].CurrentSnapshot.Version, silos[i].CurrentSnapshot.Version);
            Assert.Equal(3, silos[i].CurrentSnapshot.Members.Values.Count(member => member.Status == SiloStatus.Active));
        }
    }

    [Fact]
    public async Task A_silo_takes_its_endpoint_over_from_an_earlier_one()
    {
        await JoinAsync(2);
        var later = SiloAddress.New(Silos.Address(2).Endpoint, 99);
        var successor = Membership(Silos.Row(2) with { Silo = later });

        await successor.SetStatusAsync(SiloStatus.Joining, CancellationToken.None);

        Assert.Equal(SiloStatus.Dead, await StatusAsync(2));
        Assert.Equal(SiloStatus.Joining, successor.CurrentSnapshot.GetSiloStatus(later));
    }

    private async Task<ClusterMembership[]> JoinAsync(int count)
    {
        var silos = Enumerable.Range(1, count).Select(number => Membership(Silos.Row(number))).ToArray();
        foreach (var silo in silos) await silo.SetStatusAsync(SiloStatus.Active, CancellationToken.None);
        foreach (var silo in silos) await silo.Refresh();
        return silos;
    }

    private ClusterMembership Membership(MemberRow self) => new(_table, self, new ClusterMembershipOptions(), _time, NullLogger<ClusterMembership>.Instance);

    private async Task<SiloStatus> StatusAsync(int number) => (await _table.ReadAsync(CancellationToken.None)).Rows[Silos.Address(number)].Status;
}
