namespace OrleansCache.Client;

/// <summary>A sum over a recent time, in a ring of buckets, the oldest of which is dropped as a whole. Not thread-safe.</summary>
/// <param name="length">The time.</param>
/// <param name="time">The time provider.</param>
internal sealed class SlidingSum(TimeSpan length, TimeProvider time)
{
    private const int Buckets = 10;

    private readonly double[] _sums = new double[Buckets];
    private readonly long _began = time.GetTimestamp();
    private long _now;

    /// <summary>The sum over the time, less up to a tenth of it.</summary>
    public double Total
    {
        get
        {
            Turn();
            var total = 0.0;
            foreach (var sum in _sums)
                total += sum;
            return total;
        }
    }

    /// <summary>Adds to the sum.</summary>
    public void Add(double value)
    {
        Turn();
        _sums[_now % Buckets] += value;
    }

    private void Turn()
    {
        var now = time.GetElapsedTime(_began).Ticks / (length.Ticks / Buckets);
        if (now == _now)
            return;
        for (var passed = Math.Min(now - _now, Buckets); passed > 0; passed--)
            _sums[(now - passed + 1) % Buckets] = 0;
        _now = now;
    }
}
