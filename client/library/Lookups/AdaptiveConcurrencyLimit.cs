namespace OrleansCache.Client;

/// <summary>
/// How many lookups a client should have under way, judged by how long they take. When most of those of a while were slow, the cluster has more to do than it
/// can, and what is asked in vain is a part of it:
/// 1. a while is as long as one attempt's budget, and longer where few lookups end;
/// 2. the window is halved at the end of each slow while, but never closed;
/// 3. it opens again with each lookup that is not slow: by one up to half of what was too many, then by one for as many lookups as it has places;
/// 4. where only some are slow, as when a region is away, the others would gain nothing from a smaller window, and it stays.
/// This is the additive increase and multiplicative decrease of TCP: V. Jacobson, "Congestion Avoidance and Control", 1988. Not safe for several threads at once.
/// </summary>
/// <param name="most">Its size as long as nothing is wrong.</param>
/// <param name="attemptBudget">How long an attempt may be silent before the next place is asked beside it.</param>
/// <param name="time">The time.</param>
internal sealed class AdaptiveConcurrencyLimit(int most, TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>Its size at least, unless it never had as much.</summary>
    public const int Least = 8;

    private double _size = most;
    private double _careful = most;
    private int _ended;
    private int _slow;
    private bool _wereSlow;
    private long _whileBegan = time.GetTimestamp();

    /// <summary>How many lookups may be under way.</summary>
    public int Size => (int)_size;

    /// <summary>Notes a lookup that has ended.</summary>
    /// <param name="wasSlow">Whether it took as long as attempts that come to nothing.</param>
    public void Note(bool wasSlow)
    {
        _ended++;
        if (wasSlow)
            _slow++;
        else
            _size = Math.Min(most, _size + (_size < _careful ? 1 : 1 / _size));
        if (_ended >= Math.Min(most, Least) && time.GetElapsedTime(_whileBegan) >= attemptBudget)
            Judge();
    }

    private void Judge()
    {
        var areSlow = 2 * _slow > _ended;
        if (areSlow)
        {
            _size = Math.Min(most, Math.Max(Least, _size / 2));
            // While they go on being slow, what was asked before is still in the way: it says nothing of how many are too many.
            if (!_wereSlow)
                _careful = _size;
        }

        (_wereSlow, _ended, _slow, _whileBegan) = (areSlow, 0, 0, time.GetTimestamp());
    }
}
