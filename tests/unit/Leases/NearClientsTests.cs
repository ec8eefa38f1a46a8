using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Tests.Entries;
using OrleansCache.Tests.Owners;
using OrleansCache.Tests.Placement;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Leases;

/// <summary>The leases of clients below a silo, whose repetition takes no lock.</summary>
public sealed class NearClientsTests : IAsyncLifetime
{
    private const int Slots = 64;

    private static readonly int Slot = CacheKey.Parse("book").SlotOf(Slots);

    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;
    private readonly VolumeLeases _volumes = new(Slots);
    private readonly NearClients _clients;
    private readonly FakeClient _client = new();
    private readonly SharedEntry _entry;

    public NearClientsTests()
    {
        _table = new(_clock, 1_000_000, Slots);
        var silo = StandIn.For<ILocalSiloDetails>((_, _) => Membership.AddressOf("europe.1"));
        _clients = new(_table, _volumes, new(new() { Drift = 0.1 }), silo, _clock, NullLogger<NearClients>.Instance);
        var volume = _volumes.Take(Slot, new(1, 1), _clock.Now + 10_000);
        _entry = TestEntries.Make(null, "book", 7, _clock.Now + 60_000, volume);
        Assert.True(_table.TryKeep(_entry, _table.Epoch("book")));
        Assert.True(_clients.Join(_client.Id, _client));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public async Task A_client_that_asks_again_gets_the_rest_of_the_lease_and_is_revoked_once()
    {
        // A tenth is kept back for clocks that drift apart.
        Assert.Equal(TimeSpan.FromSeconds(9), Register());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(8.1), Register());

        await _clients.RevokeAsync(_table.Revoke(["book"]).Clients);

        Assert.Equal(1, _client.Revocations);
        Assert.Null(Register());
    }

    [Fact]
    public void A_row_that_was_replaced_after_it_was_read_is_not_registered_though_the_client_has_the_new_one()
    {
        var old = _entry.Row.Identity;
        var revoked = _table.Revoke(["book"]);
        Assert.True(_table.TryTake(TestEntries.Row("book", 7, 2), revoked.Tokens[0], new(_entry.Volume, 0, _clock.Now + 60_000)));
        Assert.NotNull(Register());

        Assert.Equal(LeaseGeneration.None, _clients.Register(_clients.Find(_client.Id)!, _entry, old, released: 0).Generation);
    }

    [Fact]
    public async Task A_client_that_has_left_is_neither_known_nor_waited_for()
    {
        Register();

        _clients.Leave(_client.Id);

        Assert.Null(_clients.Find(_client.Id));
        await _clients.RevokeAsync(_table.Revoke(["book"]).Clients);
        Assert.Equal(0, _client.Revocations);
    }

    [Fact]
    public async Task A_client_that_was_killed_is_waited_for_once_however_many_others_there_are()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var other = new FakeClient();
            Assert.True(_clients.Join(other.Id, other));
            Assert.NotNull(Register(other));
        }

        Register();
        var began = _clock.Now;
        _client.IsDead = true;
        var revocation = _clients.RevokeAsync(_table.Revoke(["book"]).Clients);
        await Eventually.IsTrueAsync(() => _table.ClientsOf("book") == 1, "all others have acknowledged");
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(500));
                return revocation.IsCompleted;
            },
            "the lease of the client that was killed has ended");

        Assert.InRange(_clock.Now - began, 10_000, 11_000);
        var lifetime = new EntryLifetime(_volumes.Take(Slot, new(1, 1), _clock.Now + 10_000), 0, _clock.Now + 60_000);
        Assert.True(_table.TryTake(TestEntries.Row("book", 7, 2), new(_table.Epoch("book"), true), lifetime));
        Assert.NotNull(Register(new FakeClient()));
        await _clients.RevokeAsync(_table.Revoke(["book"]).Clients).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_renewal_has_the_ends_of_the_silos_own_leases_and_an_unknown_client_is_admitted_anew()
    {
        var client = _clients.Find(_client.Id)!;

        var renewal = _clients.Renew(client, new(0, []), workedOff: 0);

        Assert.Equal((9_000, 0), (renewal.Leases[Slot], renewal.Leases[(Slot + 1) % Slots]));
        Assert.Equal((_entry.Volume.Stamp, 0), (renewal.Stamps[Slot], renewal.Stamps[(Slot + 1) % Slots]));
        Assert.Empty(renewal.Drops);
        _table.LapseClient(_client.Id);
        Assert.True(_clients.Renew(client, new(0, []), workedOff: 0).Generation > renewal.Generation);
    }

    [Fact]
    public void A_client_that_was_not_heard_of_for_a_minute_is_forgotten()
    {
        Register();
        _clock.Advance(TimeSpan.FromSeconds(59));
        _clients.Tidy();
        Assert.Equal(1, _clients.Count);

        _clock.Advance(TimeSpan.FromSeconds(15));
        _clients.Tidy();
        _clients.Tidy();

        Assert.Equal(0, _clients.Count);
    }

    [Fact]
    public async Task The_leases_of_clients_on_a_slot_are_ended_and_acknowledged()
    {
        Register();

        await _clients.EndAsync(_table.EndSlot(Slot), Slot, below: 2);

        Assert.Equal((Slot, 2L), Assert.Single(_client.Ended));
    }

    [Fact]
    public async Task A_client_holds_no_old_row_once_a_revocation_is_acknowledged_however_hits_and_revocations_interleave()
    {
        // Time stands still, so the leases on all rows end at the same moment: an old registration always looks long enough.
        var lifetime = new EntryLifetime(_entry.Volume, 0, _clock.Now + 60_000);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var epoch = _client.Epoch;
                var until = _entry.UsableUntil;
                var row = _entry.Row;
                if (_clock.Now < until && _clients.Register(_clients.Find(_client.Id)!, _entry, row.Identity, 0).Lease > TimeSpan.Zero)
                    _client.TryHold(row.Identity.Version, epoch);
            }
        });

        for (var version = 2; version < 2_000; version++)
        {
            var revoked = _table.Revoke(["book"]);
            await _clients.RevokeAsync(revoked.Clients);
            Assert.Equal(0, _client.Held);
            Assert.True(_table.TryTake(TestEntries.Row("book", 7, version), revoked.Tokens[0], lifetime));
            // So that there is something to revoke.
            if (version % 10 == 0)
                Assert.True(SpinWait.SpinUntil(() => _client.Held == version, TimeSpan.FromSeconds(30)));
        }

        await stop.CancelAsync();
        await reader;
    }

    /// <summary>How long the client's lease is; null when it was not registered.</summary>
    private TimeSpan? Register(FakeClient? client = null)
    {
        client ??= _client;
        _clients.Join(client.Id, client);
        var (generation, lease) = _clients.Register(_clients.Find(client.Id)!, _entry, _entry.Row.Identity, released: 0);
        return generation == LeaseGeneration.None ? null : lease;
    }

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

        /// <summary>Whether it does not answer any more.</summary>
        public bool IsDead { get; set; }

        public List<(int? Slot, long Below)> Ended { get; } = [];

        public Task EndLeasesAsync(string silo, int? slot, long below)
        {
            Ended.Add((slot, below));
            return Task.CompletedTask;
        }

        public Task RevokeAsync(string[] books)
        {
            if (IsDead)
                return new TaskCompletionSource().Task;
            lock (_gate)
                (_held, _epoch) = (0, _epoch + 1);
            return Task.CompletedTask;
        }
    }
}
