using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// The books of a slot that were edited within the last moments, and when. It identifies reads that began before an edit, whose rows must
/// not be granted any more, and books that change too often for near caches. Bounded: an edit that had to be forgotten early counts as one
/// of every book of the slot.
/// </summary>
internal sealed class RecentEdits(LeaseTimes times)
{
    private const int Most = 4_096;

    // No lease is granted on a read that is older than a lease, so edits need not be remembered for longer reads.
    private readonly long _lasts = Math.Max(times.NearCacheCooldownAfterWrite, times.EndedAt(0));

    private readonly Dictionary<string, Edited> _edits = [];
    private readonly Queue<(string Book, Edited Edit)> _order = [];
    private Edited _forgotten = new(0, long.MinValue);
    private long _count;

    /// <summary>The number of edits so far; a reader notes it before it reads.</summary>
    public long Count => _count;

    public void Note(string key, long now)
    {
        var edit = _edits[key] = new(++_count, now);
        _order.Enqueue((key, edit));
        while (_order.TryPeek(out var oldest) && (_order.Count > Most || now - oldest.Edit.At >= _lasts))
        {
            _order.Dequeue();
            if (now - oldest.Edit.At < _lasts)
                _forgotten = oldest.Edit with { Number = Math.Max(oldest.Edit.Number, _forgotten.Number) };
            if (_edits.TryGetValue(oldest.Book, out var last) && last == oldest.Edit)
                _edits.Remove(oldest.Book);
        }
    }

    /// <summary>Whether an edit of the book began after the count was noted.</summary>
    public bool BeganSince(string key, long observedCount) => LastOf(key).Number > observedCount;

    /// <summary>Makes every read that has begun one that began before an edit.</summary>
    public void VoidReads() => _forgotten = _forgotten with { Number = ++_count };

    /// <summary>Whether the book has not been edited for so long that clients may keep it.</summary>
    public bool IsPastCooldown(string key, long now) =>
        LastOf(key).At is var at && (at == long.MinValue || now - at >= times.NearCacheCooldownAfterWrite);

    private Edited LastOf(string key) => _edits.TryGetValue(key, out var edit) && edit.Number > _forgotten.Number ? edit : _forgotten;

    private readonly record struct Edited(long Number, long At);
}
