using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Tests.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Leases;

/// <summary>The leases of clients below a silo, whose repetition takes no lock.</summary>
public sealed class NearClientsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;
    private readonly NearClients _clients;
    private readonly FakeClient _client = new();
    private readonly CacheEntry _entry;

    public NearClientsTests()
    {
        _table = new(_clock, 1_000_000, slots: 64);
        _clients = new(_table, _clock, NullLogger<NearClients>.Instance);
        _entry = TestEntries.Make(null, "book", 7, _clock.Now + 60_000, _clock.Now + 10_000);
        Assert.True(_table.TryKeep(_entry, _table.Epoch("book")));
        Assert.True(_clients.Join(_client.Id, _client));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public async Task A_lease_that_is_granted_again_ends_when_the_first_does_and_is_revoked_once()
    {
        Assert.Equal(10_000, Grant());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(9_000, Grant());

        await _clients.RevokeAsync(_table.Revoke(["book"]).DownstreamGrants);

        Assert.Equal(1, _client.Revocations);
        Assert.Equal(0, Grant());
    }

    [Fact]
    public async Task A_client_that_is_granted_a_lease_under_a_renewed_one_is_revoked_until_that_ends()
    {
        Grant();
        Assert.True(_table.TryExtend(_entry, _entry.Row.Identity, _clock.Now + 20_000, _table.Epoch("book")));
        Assert.Equal(20_000, Grant());
        _clock.Advance(TimeSpan.FromSeconds(15));

        await _clients.RevokeAsync(_table.Revoke(["book"]).DownstreamGrants);

        Assert.Equal(1, _client.Revocations);
    }

    [Fact]
    public void A_row_that_was_replaced_after_it_was_read_is_not_leased_though_the_client_has_a_lease_on_the_new_one()
    {
        var (until, old) = (_entry.UsableUntil, _entry.Row.Identity);
        var revoked = _table.Revoke(["book"]);
        Assert.Empty(revoked.DownstreamGrants);
        Assert.True(_table.TryTake(TestEntries.Row("book", 7, 2), revoked.Tokens[0], new(0, until, _clock.Now + 60_000)));
        Assert.Equal(10_000, Grant());

        Assert.Equal(0, _clients.GrantLease(_clients.Find(_client.Id)!, _entry, old, until));
    }

    [Fact]
    public void A_client_that_has_left_is_not_known()
    {
        Grant();

        _clients.Leave(_client.Id);

        Assert.Null(_clients.Find(_client.Id));
    }

    [Fact]
    public async Task A_client_holds_no_old_row_once_a_revocation_is_acknowledged_however_hits_and_revocations_interleave()
    {
        // Time stands still, so the leases on all rows end at the same moment: an old registration always looks long enough.
        var lifetime = new EntryLifetime(0, _entry.UsableUntil, _clock.Now + 60_000);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var epoch = _client.Epoch;
                var until = _entry.UsableUntil;
                var row = _entry.Row;
                if (_clock.Now < until && _clients.GrantLease(_clients.Find(_client.Id)!, _entry, row.Identity, until) > 0)
                    _client.TryHold(row.Identity.Version, epoch);
            }
        });

        for (var version = 2; version < 2_000; version++)
        {
            var revoked = _table.Revoke(["book"]);
            await _clients.RevokeAsync(revoked.DownstreamGrants);
            Assert.Equal(0, _client.Held);
            Assert.True(_table.TryTake(TestEntries.Row("book", 7, version), revoked.Tokens[0], lifetime));
            // So that there is something to revoke.
            if (version % 10 == 0)
                Assert.True(SpinWait.SpinUntil(() => _client.Held == version, TimeSpan.FromSeconds(30)));
        }

        await stop.CancelAsync();
        await reader;
    }

    private long Grant() => _clients.GrantLease(_clients.Find(_client.Id)!, _entry, _entry.Row.Identity, _entry.UsableUntil);

    /// <summary>A client with one entry, which discards an answer that a revocation has overtaken.</summary>
    private sealed class FakeClient : INearObserver
    {
        private readonly Lock _gate = new();
        private long _held;
        private int _epoch;

        public Guid Id { get; } = Guid.NewGuid();

        public int Revocations => Volatile.Read(ref _epoch);

        public int Epoch => Volatile.Read(ref _epoch);

        /// <summary>The version that it holds, or 0.</summary>
        public long Held => Volatile.Read(ref _held);

        public void TryHold(long version, int epoch)
        {
            lock (_gate)
            {
                if (_epoch == epoch)
                    _held = version;
            }
        }

        public Task RevokeAsync(string[] books)
        {
            lock (_gate)
                (_held, _epoch) = (0, _epoch + 1);
            return Task.CompletedTask;
        }
    }
}
