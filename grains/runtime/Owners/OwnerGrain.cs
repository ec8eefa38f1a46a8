using System.Globalization;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>
/// Grants leases on the books of its slot, and edits them; see <see cref="IOwnerGrain"/>. Whatever it decides, it decides between two
/// awaits, on what it finds then: what was looked at before an await may have changed.
/// </summary>
[HomePlacement]
internal sealed partial class OwnerGrain(OwnerServices services) : Grain, IOwnerGrain, ILeaseOwner
{
    private readonly Dictionary<string, Task<CatalogRow>> _reads = [];
    private readonly GrantTable _grants = new(Math.Max(1_000, 2 * services.Settings.Leases.MaxLeasedBooks / services.Settings.Slots));
    private readonly HolderNumbers<string> _holders = new();
    private readonly RecentEdits _edits = new(services.Times);
    private Task? _predecessorsEnded;
    private long _activatedAt;

    private long Now => services.Clock.Now;

    /// <summary>The key of a slot's owner.</summary>
    public static string KeyOf(int slot) => slot.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        services.Activations.Began(this);
        _activatedAt = Now;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // What was granted is not given back here: the next owner has it given back, as it must when this one is lost.
        services.Recent.ForgetAll(this);
        services.Activations.Ended(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<LeaseGrant> AcquireAsync(LeaseRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        CacheKey.Validate(request.Book);
        var came = Now;
        while (true)
        {
            await WaitUntilGrantableAsync(request.Book, cancellation);
            var observedCount = _edits.Count;
            var fresh = request.Fresh || _rounds.ContainsKey(request.Book);
            var (row, isFromMemory) = await LoadAsync(request.Book, fresh, cancellation);
            // The catalog may have taken longer than a lease for a read that others began.
            if (isFromMemory && IsTooOld(row, came))
                continue;
            if (TryGrant(request, row, isFromMemory, observedCount) is { } grant)
                return grant;
            if (IsOutOfBand(row.Row))
                await (_rounds.TryGetValue(request.Book, out var round) ? round.Ended.WaitAsync(cancellation) : HandleOutOfBandWriteAsync(row.Row));
        }
    }

    /// <inheritdoc/>
    public async Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var asked = _edits.Count;
        var rows = await Task.WhenAll(held.Select(entry => services.Reader.ReadAsync(entry.Book, renews: true)));
        var leases = new TimeSpan[held.Length];
        for (var i = 0; i < held.Length; i++)
        {
            var (key, identity) = (held[i].Book, held[i].Identity);
            if (rows[i].Row.Identity != identity || IsOutOfBand(rows[i].Row) || _edits.BeganSince(key, asked) || _rounds.ContainsKey(key) || _indeterminateWrites.ContainsKey(key))
                continue;
            leases[i] = Grant(holder, rows[i].Row, rows[i].StartedAt, long.MaxValue);
        }

        return leases;
    }

    /// <summary>Waits while nothing can be granted on a book.</summary>
    private async Task WaitUntilGrantableAsync(string key, CancellationToken cancellation)
    {
        while (true)
        {
            if (_rounds.TryGetValue(key, out var round))
            {
                await round.Ended.WaitAsync(services.Settings.Leases.EditPatience, services.Clock.TimeProvider, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
                // An edit that waits for a silo that cannot be reached must not keep readers from the old row.
                if (!round.Ended.IsCompleted && round.GrantUntil(Now) is not null)
                    return;
            }
            else if (_indeterminateWrites.ContainsKey(key))
            {
                await FenceAsync(key).WaitAsync(cancellation);
            }
            else
            {
                return;
            }
        }
    }

    private LeaseGrant? TryGrant(LeaseRequest request, CatalogRow row, bool isFromMemory, long observedCount)
    {
        var key = request.Book;
        var end = long.MaxValue;
        var round = _rounds.GetValueOrDefault(key);
        if (_indeterminateWrites.ContainsKey(key))
            return null;
        if (round is not null)
        {
            // Others may have written the row while the round waits: nobody may see it while there are leases on the one before.
            if (round.GrantUntil(Now) is not { } limit || IsOutOfBand(row.Row))
                return null;
            end = limit;
        }
        else if (_edits.BeganSince(key, observedCount) || IsOutOfBand(row.Row))
        {
            return null;
        }

        var lease = request.Holder is { } holder ? Grant(holder, row.Row, row.StartedAt, end) : TimeSpan.Zero;
        if (lease > TimeSpan.Zero)
            round?.NoteGranted();
        var known = request.Known is { } identity && identity == row.Row.Identity;
        return new(known ? null : row.Row, lease, row.Age(services.Clock), isFromMemory, _edits.IsPastCooldown(key, Now));
    }

    /// <summary>Grants a lease, and remembers it before anybody is told.</summary>
    /// <param name="holder">To whom.</param>
    /// <param name="row">On what.</param>
    /// <param name="readAt">When the catalog read began that the row comes from.</param>
    /// <param name="end">The moment at which it ends at the latest.</param>
    private TimeSpan Grant(string holder, CachedRow row, long readAt, long end)
    {
        var now = Now;
        var until = Math.Min(readAt + services.Times.Length, end - LeaseTimes.Tick);
        return until > now && _grants.TryGrant(row.Key, row.Identity, _holders.NumberOf(holder, until + LeaseTimes.Tick, now), until + LeaseTimes.Tick, now)
            ? TimeSpan.FromMilliseconds(until - now)
            : TimeSpan.Zero;
    }

    private bool IsOutOfBand(CachedRow row) =>
        _grants.Find(row.Key, Now) is { } grant && grant.Identity != row.Identity;

    /// <summary>Whether a row was read so long before it was asked for that it is no answer, even without a lease on it.</summary>
    private bool IsTooOld(CatalogRow row, long came) =>
        came >= services.Times.HeldUntil(row.StartedAt, services.Times.Length);

    private async Task<(CatalogRow Row, bool IsFromMemory)> LoadAsync(string key, bool fresh, CancellationToken cancellation)
    {
        if (!fresh && services.Recent.Find(this, key) is { } row)
            return (row, true);
        var joined = false;
        Task<CatalogRow>? read = null;
        if (!fresh)
            joined = _reads.TryGetValue(key, out read);
        read ??= ReadAsync(key);
        return (await read.WaitAsync(cancellation), joined);
    }

    private async Task<CatalogRow> ReadAsync(string key)
    {
        var read = services.Reader.ReadAsync(key);
        _reads[key] = read;
        try
        {
            var row = await read;
            // An edit or a later read has taken its place otherwise.
            if (IsCurrent(key, read))
                services.Recent.Remember(this, key, row);
            return row;
        }
        finally
        {
            if (IsCurrent(key, read))
                _reads.Remove(key);
        }
    }

    private bool IsCurrent(string key, Task<CatalogRow> read) => _reads.TryGetValue(key, out var current) && current == read;

    /// <summary>
    /// What a former owner of the slot granted is not known here, so nothing is committed before that has ended: a lease after this one has begun,
    /// or as soon as every silo has given back what it has. Those that have left, and their clients, may use theirs until a lease has passed.
    /// </summary>
    private Task AwaitPredecessorLeasesAsync()
    {
        if (Now >= services.Times.EndedAt(_activatedAt))
            return Task.CompletedTask;
        return _predecessorsEnded ??= WaitForPredecessorLeasesAsync(services.Times.EndedAt(_activatedAt));
    }

    private async Task WaitForPredecessorLeasesAsync(long ended)
    {
        var answers = await Task.WhenAll(services.Silos.All.Select(silo => RevokeSlotAsync(silo, TimeSpan.FromMilliseconds(services.Times.Length))));
        if (!answers.All(given => given) || services.Departures.LeasesEnded(services.Times) > Now)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, ended - Now)), services.Clock.TimeProvider);
    }

    private async Task<bool> RevokeSlotAsync(RegionalSilo silo, TimeSpan patience)
    {
        try
        {
            var slot = int.Parse(this.GetPrimaryKeyString(), CultureInfo.InvariantCulture);
            await GrainFactory.GetGrain<ILeaseHolder>(silo.Address.ToParsableString()).RevokeSlotAsync(slot).WaitAsync(patience, services.Clock.TimeProvider);
            return true;
        }
        catch (Exception)
        {
            // Whatever the reason is, its word is missing.
            return false;
        }
    }
}
