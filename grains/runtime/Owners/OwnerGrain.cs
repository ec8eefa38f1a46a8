using System.Globalization;
using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;
using OrleansCache.Timing;

namespace OrleansCache.Owners;

/// <summary>
/// Grants leases on the books of its slot (<see cref="SlotLeases"/>) and has its edits made (<see cref="EditRunner"/>); see
/// <see cref="IOwnerGrain"/>. Each decision is made between two awaits, on what holds then: what was checked before an await may have
/// changed.
/// </summary>
[HomePlacement, GrainType(OwnerPlaces.GrainTypeName)]
internal sealed class OwnerGrain : Grain, IOwnerGrain, ILeaseOwner, IFeedReader
{
    private readonly OwnerServices _services;
    private readonly SlotReads _reads;
    private readonly SlotLeases _leases;
    private readonly EditRunner _edits;
    private Task<SlotTerm>? _joining;
    private Task? _predecessorsEnded;
    private Task? _recalling;
    private TaskScheduler? _scheduler;
    private SiloAddress? _place;
    private int _misplaced;
    private bool _isReplaced;

    public OwnerGrain(OwnerServices services)
    {
        _services = services;
        _reads = new(services.Reader, services.Recent, services.Clock);
        _leases = new(services);
        var slot = int.Parse(this.GetPrimaryKeyString(), CultureInfo.InvariantCulture);
        _edits = new(slot, services, _leases, _reads, GrainFactory, BeReadyToCommitAsync, EndTerm);
    }

    /// <inheritdoc/>
    public int Slot => _edits.Slot;

    private long Now => _services.Clock.Now;

    /// <summary>The key of a slot's owner.</summary>
    public static string KeyOf(int slot) => slot.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _services.Activations.Began(this);
        _services.Moves.NoteActivated();
        // The change feed comes here from outside; what it finds is worked off in turns of this grain.
        _scheduler = TaskScheduler.Current;
        JoinAsync().ObserveError();
        this.RegisterGrainTimer(LookAroundAsync, new GrainTimerCreationOptions(OwnerTimeouts.PlaceCheck, OwnerTimeouts.PlaceCheck)
        {
            Interleave = true,
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The leases stay out: the next owner ends them, as it must when this one is lost.
        _services.Feed.Leave(this);
        _leases.End();
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
        var key = CheckSlot(request.Book);
        while (true)
        {
            await JoinAsync().WaitAsync(cancellation);
            await _edits.WaitUntilGrantableAsync(key, cancellation);
            if (!request.Fresh && TryGrantKnown(request) is { } known)
                return known;
            var observedCount = _edits.Recent.Count;
            var (row, isShared) = await _reads.ReadAsync(key, request.Fresh || _edits.IsUnderWay(key), cancellation);
            if (TryGrant(request, row, isShared, observedCount) is { } grant)
                return grant;
            if (_leases.IsOutOfBand(row.Row))
                await _edits.RevokeOutOfBandAsync([new(key, row.Row.Identity)], cancellation);
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
        var results = await RunAsync(edits, cancellation);
        foreach (var result in results)
            _services.Counters.CountEdit(result.Outcome, _services.Clock.TimeProvider.GetElapsedTime(began));
        return results;
    }

    /// <summary>
    /// A silo that stops keeps its owners until their calls have ended, and nobody else can answer for them: an edit that still waits, as
    /// for a silo that cannot be reached, is left to the successor.
    /// </summary>
    private async Task<EditResult[]> RunAsync(Edit[] edits, CancellationToken cancellation)
    {
        var stopping = _services.Host.ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        try
        {
            return await _edits.RunAsync(edits, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new StaleEpochException(
                $"The silo {_services.Self.Name} is stopping; repeat the edits with the same ids, for the next owner of slot {Slot}.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<VolumeRenewal> RenewAsync(string holder, VolumeRenewalRequest request)
    {
        await JoinAsync();
        return _leases.Renew(holder, request);
    }

    /// <inheritdoc/>
    public async Task<LeaseGrant?[]> ConfirmAsync(LeaseRequest[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        MessageLimits.Check(requests.Length, MessageLimits.Keys, "keys");
        foreach (var request in requests)
            CheckSlot(request.Book);
        await JoinAsync();
        return await Task.WhenAll(requests.Select(TryConfirmAsync));
    }

    /// <inheritdoc/>
    public Task WorkOffAsync(long startedAt, IReadOnlyList<ChangedRow>? changes, long epoch) =>
        Task.Factory.StartNew(
            () => WorkOff(startedAt, changes, epoch), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler!);

    private void WorkOff(long startedAt, IReadOnlyList<ChangedRow>? changes, long epoch)
    {
        if (_leases.Term is not { } term)
            return;
        // Somebody has raised it: another owner, unless this one is about to.
        if (epoch > term.WriteEpoch && !_edits.IsRaising)
        {
            EndTerm();
            return;
        }

        if (changes is null)
        {
            BeginAnew();
            return;
        }

        // Each change comes once. But the leases of this owner count from a read only if it was the owner then.
        _edits.NoteChanges(changes);
        if (epoch == term.WriteEpoch && startedAt > term.Anchor)
            term.Anchor = startedAt;
    }

    /// <summary>The term of this owner: it raises its slot's epoch before it grants anything.</summary>
    /// <exception cref="StaleEpochException">This owner has been replaced; its successor answers.</exception>
    private Task<SlotTerm> JoinAsync() =>
        _leases.Term is { } term ? Task.FromResult(term)
            : _isReplaced ? Task.FromException<SlotTerm>(new StaleEpochException($"Another silo owns slot {Slot} now; ask it."))
            : _joining is { IsCompleted: false } ? _joining
            : _joining = RunJoinAsync();

    private async Task<SlotTerm> RunJoinAsync()
    {
        var term = await _services.Feed.JoinAsync(this);
        // What was read before the feed is not kept up to date by it.
        _reads.Clear();
        _edits.Recent.VoidReads();
        _leases.Begin(term);
        _predecessorsEnded = null;
        return term;
    }

    /// <summary>Another owner has raised the epoch: nothing that this one grants or writes is worth anything any more.</summary>
    private void EndTerm()
    {
        _isReplaced = true;
        _leases.End();
        _reads.Clear();
        _services.Feed.Leave(this);
        DeactivateOnIdle();
    }

    /// <summary>What has changed is not known, as after a restore from a backup: as if another owner had begun.</summary>
    private void BeginAnew()
    {
        _leases.End();
        JoinAsync().ObserveError();
    }

    /// <summary>The key, if it belongs to this slot.</summary>
    private string CheckSlot(string book)
    {
        var key = CacheKey.Parse(book);
        return key.SlotOf(_services.Settings.Slots) is var slot && slot == Slot
            ? key.Text
            : throw new InvalidPayloadException(
                $"\"{key}\" belongs to slot {slot}, not to slot {Slot}; configure all silos with the same number of slots "
                + $"({_services.Settings.Slots} here).");
    }

    private async Task LookAroundAsync(CancellationToken cancellation)
    {
        _leases.Tidy();
        if (_leases.ToRecall() is { Length: > 0 } oldest && _recalling is null or { IsCompleted: true })
        {
            _recalling = _edits.RecallAsync(oldest, cancellation);
            _recalling.ObserveError();
        }

        await ConsiderMovingAsync(cancellation);
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

    /// <summary>The grant of the row that the silo has, without a read, if it is known to be current.</summary>
    private LeaseGrant? TryGrantKnown(LeaseRequest request)
    {
        if (request is not { Holder: { } silo, Known: { } identity }
            || _edits.IsUnderWay(request.Book) || _edits.IsIndeterminate(request.Book)
            || _leases.Admit(silo, request.AtLeast) is not { } holder
            || !_leases.TryRegisterKnown(holder, request.Book, identity, request.Released))
            return null;
        var lease = _leases.Extend(holder);
        var isPast = _edits.Recent.IsPastCooldown(request.Book, Now);
        return new(null, _leases.GenerationOf(holder), lease, null, TimeSpan.Zero, GrantSource.Knowledge, isPast);
    }

    private async Task<LeaseGrant?> TryConfirmAsync(LeaseRequest request)
    {
        if (_edits.IsUnderWay(request.Book))
            return null;
        if (TryGrantKnown(request) is { } known)
            return known;
        var observedCount = _edits.Recent.Count;
        var (row, isShared) = await _reads.ReadAsync(request.Book, fresh: false, CancellationToken.None);
        return row.Row.Identity == request.Known ? TryGrant(request, row, isShared, observedCount) : null;
    }

    private LeaseGrant? TryGrant(LeaseRequest request, CatalogRow row, bool isShared, long observedCount)
    {
        var key = request.Book;
        // Out-of-band writes may be found while a round waits, too: no caller may see one while silos have the row before.
        if (_edits.IsIndeterminate(key) || _leases.IsOutOfBand(row.Row))
            return null;
        TimeSpan? ownLease = null;
        var round = _edits.RoundOf(key);
        if (round is not null)
        {
            if (round.GrantUntil(Now) is not { } limit)
                return null;
            ownLease = TimeSpan.FromMilliseconds(limit - LeaseTimes.Tick - Now);
        }
        else if (_edits.Recent.BeganSince(key, observedCount))
        {
            return null;
        }

        var isKnown = request.Known is { } identity && identity == row.Row.Identity;
        var grant = new LeaseGrant(
            isKnown ? null : row.Row, LeaseGeneration.None, TimeSpan.Zero, ownLease, row.Age(_services.Clock),
            isShared ? GrantSource.EarlierRead : GrantSource.Catalog, _edits.Recent.IsPastCooldown(key, Now));
        if (request.Holder is not { } silo || ownLease <= TimeSpan.Zero || _leases.Admit(silo, request.AtLeast) is not { } holder
            || !_leases.TryRegister(holder, row.Row, request.Released))
            return grant;
        round?.NoteGranted();
        return grant with { Generation = _leases.GenerationOf(holder), Lease = _leases.Extend(holder) };
    }

    /// <summary>
    /// This owner does not know what its predecessors have granted, so it commits nothing before their leases have ended: one lease after
    /// it raised the epoch, or as soon as every silo has ended its volume lease of the slot. Silos that have left cannot acknowledge that;
    /// their leases, and those of their clients, end one lease after they left.
    /// </summary>
    private async Task<SlotTerm> BeReadyToCommitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var term = await JoinAsync().WaitAsync(cancellation);
            if (!term.IsFirst && Now < _services.Times.EndedAt(term.RaisedAt))
                await (_predecessorsEnded ??= WaitForPredecessorLeasesAsync(term)).WaitAsync(cancellation);
            if (term == _leases.Term)
                return term;
        }
    }

    private async Task WaitForPredecessorLeasesAsync(SlotTerm term)
    {
        var ended = _services.Times.EndedAt(term.RaisedAt);
        var until = ended;
        if (await TryRefreshAsync())
        {
            var asked = Now;
            var left = await Task.WhenAll(_services.Silos.All.Select(silo => TryEndSlotAsync(silo, term.Epoch)));
            if (left.All(one => one is not null))
                until = asked + (long)left.Append(TimeSpan.Zero).Max()!.Value.TotalMilliseconds;
        }

        if (Math.Min(until, ended) - Now is > 0 and var wait)
            await Task.Delay(TimeSpan.FromMilliseconds(wait), _services.Clock.TimeProvider);
    }

    /// <summary>
    /// Reads the membership: a silo that has joined before the epoch was raised must be among those that are asked, though no rumour of it
    /// has come here yet.
    /// </summary>
    private async Task<bool> TryRefreshAsync()
    {
        try
        {
            var limit = TimeSpan.FromMilliseconds(_services.Times.Length);
            await _services.Membership.Refresh().AsTask().WaitAsync(limit, _services.Clock.TimeProvider);
            return true;
        }
        catch (Exception)
        {
            // Without it, the end of the leases is awaited.
            return false;
        }
    }

    /// <returns>For how long silos that have left may use their leases; null when the silo has not acknowledged.</returns>
    private async Task<TimeSpan?> TryEndSlotAsync(RegionalSilo silo, long epoch)
    {
        try
        {
            var holder = GrainFactory.GetGrain<ILeaseHolder>(silo.Address.ToParsableString());
            var timeout = TimeSpan.FromMilliseconds(_services.Times.Length);
            return await holder.EndSlotAsync(Slot, epoch).WaitAsync(timeout, _services.Clock.TimeProvider);
        }
        catch (Exception)
        {
            // Without an acknowledgement, whatever the reason, the end of the leases is awaited.
            return null;
        }
    }
}
