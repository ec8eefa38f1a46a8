using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansCache.Engine.Membership;
using OrleansCache.Silo.Local;
using OrleansCache.TestSupport;
using StackExchange.Redis;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>The membership table in Redis.</summary>
public sealed class RedisMembershipTableTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly List<RedisMembershipTable> _tables = [];
    private LocalRedisServer? _redis;

    private LocalRedisServer Redis => _redis ?? throw new InvalidOperationException("Redis was not started.");

    public async Task InitializeAsync() => _redis = await LocalRedisServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var table in _tables) await table.DisposeAsync();
        await Redis.DisposeAsync();
    }

    [Fact]
    public async Task What_is_written_is_read_and_an_empty_Redis_is_an_empty_table()
    {
        var (one, other) = (Open(), Open());
        Assert.Same(MembershipState.Empty, await one.ReadAsync(CancellationToken.None));
        var state = MembershipState.Empty.Next([Silos.Row(1), Silos.Row(2, SiloStatus.Dead)], 25);

        Assert.True(await one.TryWriteAsync(state, 0, CancellationToken.None));
        var read = await other.ReadAsync(CancellationToken.None);

        Assert.Equal((state.TableId, 1L), (read.TableId, read.Version));
        Assert.Equal(state.Rows.Keys.Order(), read.Rows.Keys.Order());
        Assert.Equal(SiloStatus.Dead, read.Rows[Silos.Address(2)].Status);
        Assert.Equal(30_001, read.Rows[Silos.Address(1)].Gateway!.Port);
    }

    [Fact]
    public async Task A_write_that_does_not_build_on_the_latest_state_is_refused()
    {
        var table = Open();
        var first = MembershipState.Empty.Next([Silos.Row(1)], 25);
        Assert.True(await table.TryWriteAsync(first, 0, CancellationToken.None));

        Assert.False(await table.TryWriteAsync(MembershipState.Empty.Next([Silos.Row(2)], 25), 0, CancellationToken.None));
        Assert.True(await table.TryWriteAsync(first.Next([Silos.Row(2)], 25), 1, CancellationToken.None));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_no_change()
    {
        var writers = Enumerable.Range(1, 20).Select(async number =>
        {
            var table = Open();
            while (true)
            {
                var state = await table.ReadAsync(CancellationToken.None);
                if (await table.TryWriteAsync(state.Next([Silos.Row(number)], 25), state.Version, CancellationToken.None)) return;
            }
        });

        await Task.WhenAll(writers).WaitAsync(Bound);

        var end = await Open().ReadAsync(CancellationToken.None);
        Assert.Equal(20, end.Version);
        Assert.Equal(Enumerable.Range(1, 20).Select(Silos.Address), end.Rows.Keys.Order());
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_unavailable_within_a_budget_and_of_use_again_when_it_goes_on()
    {
        var time = new ManualTimeProvider();
        var table = Open(time);
        Assert.True(await table.TryWriteAsync(MembershipState.Empty.Next([Silos.Row(1)], 25), 0, CancellationToken.None));

        await Redis.PauseAsync();
        var reading = table.ReadAsync(CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<MembershipUnavailableException>(() => reading.WaitAsync(Bound));
        await Redis.ResumeAsync();

        Assert.Equal(1, (await ReadWhenThereAsync(table)).Version);
    }

    [Fact]
    public async Task A_Redis_that_is_started_anew_is_found_again_and_empty()
    {
        Assert.True(await Open().TryWriteAsync(MembershipState.Empty.Next([Silos.Row(1)], 25), 0, CancellationToken.None));
        var table = Open(TimeProvider.System);
        Assert.Equal(1, (await ReadWhenThereAsync(table)).Version);
        await Redis.DisposeAsync();
        await Assert.ThrowsAsync<MembershipUnavailableException>(() => table.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Bound));

        _redis = await LocalRedisServer.StartAsync(Redis.Port);

        Assert.Same(MembershipState.Empty, await ReadWhenThereAsync(table));
    }

    [Fact]
    public void A_connection_that_is_not_configured_is_refused_with_the_options_name() =>
        Assert.Contains(nameof(RedisClusteringOptions), Assert.Throws<OrleansConfigurationException>(() => Open(new RedisClusteringOptions(), TimeProvider.System)).Message, StringComparison.Ordinal);

    private static async Task<MembershipState> ReadWhenThereAsync(RedisMembershipTable table)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            try
            {
                return await table.ReadAsync(bound.Token);
            }
            catch (MembershipUnavailableException)
            {
                await Task.Delay(20, bound.Token);
            }
        }
    }

    /// <summary>A table whose clock stands still, so that a starved machine does not use its budget up, unless the test is about that.</summary>
    private RedisMembershipTable Open(TimeProvider? time = null) => Open(new RedisClusteringOptions { ConfigurationOptions = ConfigurationOptions.Parse(Redis.ConnectionString) }, time ?? new ManualTimeProvider());

    private RedisMembershipTable Open(RedisClusteringOptions options, TimeProvider time)
    {
        var table = new RedisMembershipTable(Options.Create(options), Options.Create(new ClusterOptions { ServiceId = "s", ClusterId = "c" }), time);
        _tables.Add(table);
        return table;
    }
}
