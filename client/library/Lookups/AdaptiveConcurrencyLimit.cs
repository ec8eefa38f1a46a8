namespace OrleansCache.Client;

/// <summary>
/// The number of lookups that a client should have in flight, derived from how many of them are slow. If most are, the cluster is
/// overloaded, and requests that nobody waits for any more add to the load:
/// 1. the sampling window equals the attempt timeout, or is longer where few lookups end;
/// 2. the limit is halved at the end of each window in which most were slow, down to <see cref="Minimum"/>;
/// 3. it grows by one per fast lookup up to half of the limit that was too high, then by one per <c>limit</c> fast lookups;
/// 4. it is not halved when only some are slow, as when one region is lost: a lower limit would not help the others.
/// This is the additive increase and multiplicative decrease of TCP (V. Jacobson, "Congestion Avoidance and Control", 1988). Not
/// thread-safe.
/// </summary>
/// <param name="maximum">The limit of a healthy cluster.</param>
/// <param name="attemptBudget">The soft timeout of an attempt.</param>
/// <param name="time">The time.</param>
internal sealed class AdaptiveConcurrencyLimit(int maximum, TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>The lowest limit, unless the maximum is lower.</summary>
    public const int Minimum = 8;

    private double _limit = maximum;
    private double _slowStartThreshold = maximum;
    private int _ended;
    private int _slow;
    private bool _wereSlow;
    private long _windowBegan = time.GetTimestamp();

    /// <summary>The lookups that may be in flight.</summary>
    public int Current => (int)_limit;

    /// <summary>Notes a lookup that has ended.</summary>
    /// <param name="wasSlow">Whether it took as long as attempts that time out.</param>
    public void Note(bool wasSlow)
    {
        _ended++;
        if (wasSlow)
            _slow++;
        else
            _limit = Math.Min(maximum, _limit + (_limit < _slowStartThreshold ? 1 : 1 / _limit));
        if (_ended >= Math.Min(maximum, Minimum) && time.GetElapsedTime(_windowBegan) >= attemptBudget)
            EndWindow();
    }

    private void EndWindow()
    {
        var areSlow = 2 * _slow > _ended;
        if (areSlow)
        {
            _limit = Math.Min(maximum, Math.Max(Minimum, _limit / 2));
            // In a row of slow windows the later ones suffer from requests of the first, and say nothing about the right limit.
            if (!_wereSlow)
                _slowStartThreshold = _limit;
        }

        (_wereSlow, _ended, _slow, _windowBegan) = (areSlow, 0, 0, time.GetTimestamp());
    }
}
