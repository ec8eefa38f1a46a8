using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansCache.Engine.Membership;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>How silos watch each other, in time that the test makes pass.</summary>
public sealed class DeathWatchTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FlakyTable _table = new();
    private readonly ClusterMembershipOptions _options = new() { ProbeTimeout = TimeSpan.FromMilliseconds(600), NumMissedProbesLimit = 3 };
    private readonly HashSet<(SiloAddress By, SiloAddress Silo)> _broken = [];
    private readonly List<DeathWatch> _watches = [];

    [Fact]
    public async Task A_silo_that_does_not_answer_is_declared_dead_after_the_configured_probes_and_within_three_seconds()
    {
        await StartAsync(3);
        Silence(3);

        var begun = _time.Elapsed;
        for (var i = 1; i < _options.NumMissedProbesLimit; i++)
        {
            await RoundAsync();
            Assert.Equal(SiloStatus.Active, await StatusAsync(3));
        }

        await RoundAsync();
        Assert.Equal(SiloStatus.Dead, await StatusAsync(3));

        // A silo falls silent up to a whole period before the next probe.
        Assert.True(_time.Elapsed - begun + _options.ProbeTimeout < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_silo_that_answers_again_before_the_last_probe_stays()
    {
        await StartAsync(3);
        for (var again = 0; again < 5; again++)
        {
            Silence(3);
            for (var i = 1; i < _options.NumMissedProbesLimit; i++) await RoundAsync();
            _broken.Clear();
            await RoundAsync();
        }

        Assert.Equal(SiloStatus.Active, await StatusAsync(3));
    }

    [Fact]
    public async Task One_broken_link_kills_nobody()
    {
        await StartAsync(4);
        _broken.Add((Silos.Address(1), Silos.Address(4)));

        for (var i = 0; i < 4 * _options.NumMissedProbesLimit; i++) await RoundAsync();

        Assert.Equal(SiloStatus.Active, await StatusAsync(4));
        Assert.Single((await _table.ReadAsync(CancellationToken.None)).Rows[Silos.Address(4)].Votes);
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_is_the_one_that_dies()
    {
        await StartAsync(3);
        foreach (var other in new[] { 1, 2 })
        {
            _broken.Add((Silos.Address(other), Silos.Address(3)));
            _broken.Add((Silos.Address(3), Silos.Address(other)));
        }

        for (var i = 0; i < 3 * _options.NumMissedProbesLimit; i++) await RoundAsync();

        Assert.Equal((SiloStatus.Active, SiloStatus.Active, SiloStatus.Dead), (await StatusAsync(1), await StatusAsync(2), await StatusAsync(3)));
    }

    [Fact]
    public async Task The_last_silo_of_a_cluster_declares_the_others_dead()
    {
        await StartAsync(3);
        Silence(2);
        Silence(3);

        // The first of the two deaths may take the other one's place in that round.
        for (var i = 0; i <= 2 * _options.NumMissedProbesLimit; i++) await RoundAsync();

        Assert.Equal((SiloStatus.Active, SiloStatus.Dead, SiloStatus.Dead), (await StatusAsync(1), await StatusAsync(2), await StatusAsync(3)));
    }

    [Fact]
    public async Task Probes_that_a_silo_missed_because_it_was_not_running_itself_do_not_count()
    {
        await StartAsync(2);
        _broken.Add((Silos.Address(1), Silos.Address(2)));

        for (var i = 0; i < 2 * _options.NumMissedProbesLimit; i++)
        {
            var last = _time.GetTimestamp();
            _time.Advance(3 * _options.ProbeTimeout);
            var round = _watches[0].ProbeAsync(last, CancellationToken.None);
            _time.Advance(_options.ProbeTimeout);
            await round;
        }

        Assert.Equal(SiloStatus.Active, await StatusAsync(2));
    }

    private async Task StartAsync(int count)
    {
        var silos = Enumerable.Range(1, count).Select(number => new ClusterMembership(_table, Silos.Row(number), _options, _time, NullLogger<ClusterMembership>.Instance)).ToArray();
        foreach (var silo in silos) await silo.SetStatusAsync(SiloStatus.Active, CancellationToken.None);
        for (var i = 0; i < count; i++)
        {
            var self = Silos.Address(i + 1);
            await silos[i].Refresh();
            _watches.Add(new DeathWatch(self, silos[i], (silo, _, token) => AnswerAsync(self, silo, token), _options, _time, NullLogger<DeathWatch>.Instance));
        }
    }

    /// <summary>The silo hears nobody and nobody hears it.</summary>
    private void Silence(int number)
    {
        for (var other = 1; other <= _watches.Count; other++)
        {
            _broken.Add((Silos.Address(other), Silos.Address(number)));
            _watches[number - 1] = null!;
        }
    }

    private async Task<long> AnswerAsync(SiloAddress by, SiloAddress silo, CancellationToken token)
    {
        if (_broken.Contains((by, silo))) await Task.Delay(Timeout.InfiniteTimeSpan, token);
        return 0;
    }

    /// <summary>All silos that run make a round of probes.</summary>
    private async Task RoundAsync()
    {
        var last = _time.GetTimestamp();
        var rounds = _watches.Where(watch => watch is not null).Select(watch => watch.ProbeAsync(last, CancellationToken.None)).ToArray();
        _time.Advance(_options.ProbeTimeout);
        await Task.WhenAll(rounds);
    }

    private async Task<SiloStatus> StatusAsync(int number) => (await _table.ReadAsync(CancellationToken.None)).Rows[Silos.Address(number)].Status;
}
