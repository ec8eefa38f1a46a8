using OrleansCache.Catalogs;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// The edits that are made together, from the moment at which former edits of their keys have ended until they have ended themselves.
/// While it lasts, no other edit of these keys is made.
/// </summary>
internal sealed class EditRound(string[] keys)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, List<Acknowledgement>> _acknowledgements = [];
    private readonly Dictionary<string, ChangedRow> _changes = [];
    private long _oldRowsUntil = long.MinValue;
    private bool _hasGranted;

    /// <summary>What is edited; each key once.</summary>
    public string[] Keys { get; } = keys;

    /// <summary>Completes when the keys may be granted and edited again.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The holders that have acknowledged the revocation of a key whose old row they held; null when there are none.</summary>
    public IReadOnlyList<Acknowledgement>? AcknowledgementsOf(string key) => _acknowledgements.GetValueOrDefault(key);

    /// <summary>Records that a holder has acknowledged a revocation.</summary>
    public void Add(string key, Acknowledgement acknowledgement) =>
        (_acknowledgements.TryGetValue(key, out var others) ? others : _acknowledgements[key] = []).Add(acknowledgement);

    /// <summary>Forgets the acknowledgements of a key that is to be revoked again.</summary>
    public void Forget(string key) => _acknowledgements.Remove(key);

    /// <summary>Allows leases on the old rows while the end of others on them is awaited; they must end no later than those.</summary>
    public void AllowOldRows(long until) => (_oldRowsUntil, _hasGranted) = (until, false);

    /// <summary>Allows no further leases on the old rows.</summary>
    /// <returns>Whether any was granted, so that those have to be revoked, too.</returns>
    public bool ForbidOldRows()
    {
        var had = _hasGranted;
        (_oldRowsUntil, _hasGranted) = (long.MinValue, false);
        return had;
    }

    /// <summary>The moment at which a lease on an old row that is granted now has to end; null when none is allowed.</summary>
    public long? GrantUntil(long now) => now < _oldRowsUntil ? _oldRowsUntil : null;

    /// <summary>Records that such a lease was granted.</summary>
    public void NoteGranted() => _hasGranted = true;

    /// <summary>What others have written to the keys while it lasts, as far as the change feed has told.</summary>
    public IEnumerable<ChangedRow> Changes => _changes.Values;

    /// <summary>Records what the change feed has found of one of the keys.</summary>
    public void Note(ChangedRow change) => _changes[change.Key] = change;

    /// <summary>Whether the change feed has found a newer row than one that this round has written.</summary>
    public bool IsOutdated(CachedRow row) =>
        _changes.TryGetValue(row.Key, out var change) && change.Identity.Version > row.Identity.Version;

    /// <summary>The revocations of the edit; it may have been given up while they are under way.</summary>
    public Task Revoking { get; set; } = Task.CompletedTask;

    public void End() => _ended.TrySetResult();

    /// <summary>A holder that has acknowledged a revocation, and the token with which it takes the new row.</summary>
    public readonly record struct Acknowledgement(string Holder, RevocationToken Token);
}
