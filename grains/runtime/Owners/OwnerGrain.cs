using System.Globalization;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>
/// Grants leases on the books of its slot (<see cref="SlotLeases"/>) and has its edits made (<see cref="EditRunner"/>); see
/// <see cref="IOwnerGrain"/>. Each decision is made between two awaits, on what holds then: what was checked before an await may have
/// changed.
/// </summary>
[HomePlacement, GrainType(OwnerPlaces.GrainTypeName)]
internal sealed class OwnerGrain : Grain, IOwnerGrain, ILeaseOwner
{
    private readonly OwnerServices _services;
    private readonly SlotReads _reads;
    private readonly SlotLeases _leases;
    private readonly EditRunner _edits;
    private Task? _predecessorsEnded;
    private long _activatedAt;
    private SiloAddress? _place;
    private int _misplaced;

    public OwnerGrain(OwnerServices services)
    {
        _services = services;
        _reads = new(services.Reader, services.Recent);
        _leases = new(services);
        _edits = new(int.Parse(this.GetPrimaryKeyString(), CultureInfo.InvariantCulture), services, _leases, _reads, GrainFactory);
    }

    private long Now => _services.Clock.Now;

    /// <summary>The key of a slot's owner.</summary>
    public static string KeyOf(int slot) => slot.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _services.Activations.Began(this);
        _services.Moves.NoteActivated();
        _activatedAt = Now;
        this.RegisterGrainTimer(ConsiderMovingAsync, new GrainTimerCreationOptions(OwnerTimeouts.PlaceCheck, OwnerTimeouts.PlaceCheck)
        {
            Interleave = true,
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The leases stay out: the next owner revokes them, as it must when this one is lost.
        _reads.Clear();
        _services.Activations.Ended(this);
        _services.Moves.NoteDeactivated();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<CatalogInspection> PeekAsync(string key)
    {
        var row = (await _services.Reader.ReadAsync(CacheKey.Validate(key))).Row;
        return new(row.Exists, row.Identity);
    }

    /// <inheritdoc/>
    public async ValueTask<LeaseGrant> AcquireAsync(LeaseRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = CacheKey.Validate(request.Book);
        var asked = Now;
        while (true)
        {
            await _edits.WaitUntilGrantableAsync(key, cancellation);
            var observedCount = _edits.Recent.Count;
            var (row, isShared) = await _reads.ReadAsync(key, request.Fresh || _edits.IsUnderWay(key), cancellation);
            // The catalog may have taken longer than a lease for a read that others began.
            if (isShared && IsTooOld(row, asked))
                continue;
            if (TryGrant(request, row, isShared, observedCount) is { } grant)
                return grant;
            if (_leases.IsOutOfBand(row.Row))
                await _edits.RevokeOutOfBandAsync(row.Row, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<EditResult[]> EditAsync(Edit[] edits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(edits);
        MessageLimits.Check(edits.Length, MessageLimits.Edits, "edits");
        foreach (var edit in edits)
            _edits.Check(edit);
        var began = _services.Clock.TimeProvider.GetTimestamp();
        await AwaitPredecessorLeasesAsync().WaitAsync(cancellation);
        var results = await _edits.RunAsync(edits, cancellation);
        foreach (var result in results)
            _services.Counters.CountEdit(result.Outcome, _services.Clock.TimeProvider.GetElapsedTime(began));
        return results;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var observedCount = _edits.Recent.Count;
        var rows = await Task.WhenAll(held.Select(entry => _services.Reader.ReadAsync(entry.Book, renews: true)));
        var leases = new TimeSpan[held.Length];
        for (var i = 0; i < held.Length; i++)
        {
            var (key, row) = (held[i].Book, rows[i].Row);
            var isCurrent = row.Identity == held[i].Identity && !_leases.IsOutOfBand(row);
            if (isCurrent && !_edits.Recent.BeganSince(key, observedCount) && !_edits.IsUnderWay(key) && !_edits.IsIndeterminate(key))
                leases[i] = _leases.Grant(holder, row, rows[i].StartedAt, long.MaxValue);
        }

        return leases;
    }

    /// <summary>
    /// Moves to the silo where this owner belongs when that has been another one for a while, as after the home region has come back. Not
    /// during an edit: the calls that come meanwhile would wait until it has ended, however long it waits for an unreachable holder.
    /// </summary>
    private async Task ConsiderMovingAsync(CancellationToken cancellation)
    {
        _misplaced = PlaceElsewhere() is { } place && place.Equals(_place) ? _misplaced + 1 : 0;
        _place = PlaceElsewhere();
        if (_misplaced < OwnerTimeouts.ChecksBeforeMove || _edits.IsBusy)
            return;
        // All owners of a silo may have begun, and check, at the same moment.
        await Task.Delay(_services.Moves.NextTurn(), cancellation);
        if (!_edits.IsBusy && PlaceElsewhere() is not null)
            MigrateOnIdle();
    }

    /// <summary>The other silo where this owner belongs; null when it is in its place.</summary>
    private SiloAddress? PlaceElsewhere() =>
        _services.Places.Of(this.GetPrimaryKeyString())?.Address is { } place && !place.Equals(_services.Self.SiloAddress) ? place : null;

    private LeaseGrant? TryGrant(LeaseRequest request, CatalogRow row, bool isShared, long observedCount)
    {
        var key = request.Book;
        // Out-of-band writes may be found while a round waits, too: no caller may see one while leases are out on the row before.
        if (_edits.IsIndeterminate(key) || _leases.IsOutOfBand(row.Row))
            return null;
        var end = long.MaxValue;
        var round = _edits.RoundOf(key);
        if (round is not null)
        {
            if (round.GrantUntil(Now) is not { } limit)
                return null;
            end = limit;
        }
        else if (_edits.Recent.BeganSince(key, observedCount))
        {
            return null;
        }

        var lease = request.Holder is { } holder ? _leases.Grant(holder, row.Row, row.StartedAt, end) : TimeSpan.Zero;
        if (lease > TimeSpan.Zero)
            round?.NoteGranted();
        var isKnown = request.Known is { } identity && identity == row.Row.Identity;
        return new(isKnown ? null : row.Row, lease, row.Age(_services.Clock), isShared, _edits.Recent.IsPastCooldown(key, Now));
    }

    /// <summary>Whether a row was read so long before it was asked for that it is no answer, even without a lease on it.</summary>
    private bool IsTooOld(CatalogRow row, long asked) => asked >= _services.Times.HeldUntil(row.StartedAt, _services.Times.Length);

    /// <summary>
    /// This owner does not know which leases its predecessor has granted, so it commits nothing before those have ended: one lease after
    /// its own activation, or as soon as every silo has acknowledged a revocation of the slot. Silos that have left cannot acknowledge;
    /// their leases, and those of their clients, end one lease after that.
    /// </summary>
    private Task AwaitPredecessorLeasesAsync()
    {
        var ended = _services.Times.EndedAt(_activatedAt);
        if (Now >= ended)
            return Task.CompletedTask;
        return _predecessorsEnded ??= WaitForPredecessorLeasesAsync(ended);
    }

    private async Task WaitForPredecessorLeasesAsync(long ended)
    {
        var acknowledged = await Task.WhenAll(_services.Silos.All.Select(TryRevokeSlotAsync));
        if (!acknowledged.All(isAcknowledged => isAcknowledged) || _services.Departures.LeasesEnded(_services.Times) > Now)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, ended - Now)), _services.Clock.TimeProvider);
    }

    private async Task<bool> TryRevokeSlotAsync(RegionalSilo silo)
    {
        try
        {
            var holder = GrainFactory.GetGrain<ILeaseHolder>(silo.Address.ToParsableString());
            var timeout = TimeSpan.FromMilliseconds(_services.Times.Length);
            await holder.RevokeSlotAsync(_edits.Slot).WaitAsync(timeout, _services.Clock.TimeProvider);
            return true;
        }
        catch (Exception)
        {
            // Without an acknowledgement, whatever the reason, the end of the leases is awaited.
            return false;
        }
    }
}
