using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <summary>
/// Has the owners confirm this silo's suspended entries, many with one message, before they are used again: after an owner has moved or
/// come back, the books in use need not be confirmed one by one, each by a lookup that waits for it.
/// </summary>
internal sealed partial class Confirmations
{
    private readonly LeasedEntryTable _entries;
    private readonly VolumeLeases _volumes;
    private readonly ComputedPlaces _places;
    private readonly OwnerPlaces _owners;
    private readonly RoundTrips _roundTrips;
    private readonly LeaseTimes _times;
    private readonly IGrainFactory _grains;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly CacheOptions _options;
    private readonly string _silo;
    private readonly SuspendedEntries _suspended;

    public Confirmations(
        LeasedEntryTable entries,
        VolumeLeases volumes,
        ComputedPlaces places,
        OwnerPlaces owners,
        RoundTrips roundTrips,
        LeaseTimes times,
        ILocalSiloDetails silo,
        IGrainFactory grains,
        IOptions<CacheOptions> options,
        Clock clock,
        ILogger<Confirmations> logger)
    {
        (_entries, _volumes, _places, _owners, _roundTrips) = (entries, volumes, places, owners, roundTrips);
        (_times, _grains, _clock, _logger) = (times, grains, clock, logger);
        (_options, _silo) = (options.Value, silo.SiloAddress.ToParsableString());
        _suspended = new(entries, () => volumes.Endings, (long)LeaseTimeouts.ConfirmedIfUsedWithin.TotalMilliseconds);
    }

    /// <summary>Has some suspended entries confirmed. To be called again, when this has completed, as long as the silo runs.</summary>
    public async Task RunAsync()
    {
        if (!_volumes.IsOpen)
            return;
        var bySlot = _suspended.Next(LeaseTimeouts.ConfirmedTogether)
            .Where(IsOwn)
            .GroupBy(entry => KeyHash.SlotOf(KeyHash.Of(entry.Book), _options.Slots));
        await Task.WhenAll(bySlot.SelectMany(slot => slot.Chunk(MessageLimits.Keys).Select(some => ConfirmAsync(slot.Key, some))));
    }

    /// <summary>A book that belongs to another silo now is loaded there.</summary>
    private bool IsOwn(CacheEntry entry)
    {
        if (_places.IsOwn(entry.Book))
            return true;
        _entries.GiveUp(entry, _entries.Epochs.Current(entry));
        return false;
    }

    private async Task ConfirmAsync(int slot, CacheEntry[] suspended)
    {
        // All of them are taken before the request is sent: a revocation from here on makes the answer late, and the lease counts from here.
        var epochs = Array.ConvertAll(suspended, _entries.Epochs.Current);
        var rows = Array.ConvertAll(suspended, entry => entry.Row.Identity);
        var asked = _clock.Now;
        var volume = _volumes.Of(slot);
        var requests = suspended.Select((entry, i) =>
            new LeaseRequest(entry.Book, _silo, rows[i], Fresh: false, volume.AtLeast, volume.Releases.Sent));
        LeaseGrant?[] grants;
        try
        {
            var owner = OwnerGrain.KeyOf(slot);
            var way = (_owners.Known(owner) ?? _owners.Of(owner)) is { } place ? _roundTrips.Way(place.Region) : _roundTrips.LongestWay();
            grants = await _grains.GetGrain<ILeaseOwner>(owner).ConfirmAsync([.. requests])
                .WaitAsync(_options.OwnerBudget + way, _clock.TimeProvider);
        }
        catch (Exception error)
        {
            // They stay suspended, and are asked for again.
            LogNotConfirmed(suspended.Length, slot, error.Message);
            return;
        }

        for (var i = 0; i < suspended.Length; i++)
        {
            if (grants[i] is { } grant)
                Confirm(suspended[i], slot, grant, rows[i], epochs[i], asked);
            else
                _entries.GiveUp(suspended[i], epochs[i]);
        }
    }

    private void Confirm(CacheEntry entry, int slot, LeaseGrant grant, RowVersion row, long epoch, long asked)
    {
        var until = grant.Lease > TimeSpan.Zero ? EndOf(grant.Lease, asked) : long.MinValue;
        if (grant.Generation != LeaseGeneration.None && _volumes.Take(slot, grant.Generation, until) is { } volume)
            _entries.TryConfirm(entry, row, volume, grant.OwnLease is { } own ? EndOf(own, asked) : long.MaxValue, epoch);
    }

    private long EndOf(TimeSpan lease, long asked) => _times.HeldUntil(asked, (long)lease.TotalMilliseconds);

    [LoggerMessage(EventId = 1306, Level = LogLevel.Debug,
        Message = "{Count} suspended entries of slot {Slot} were not confirmed; they are asked for again: {Reason}")]
    private partial void LogNotConfirmed(int count, int slot, string reason);
}
