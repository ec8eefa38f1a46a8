namespace OrleansCache.TestSupport;

/// <summary>
/// Samples 0 to <paramref name="count"/> - 1 from a Zipf distribution: the frequency of a rank is proportional to
/// rank^-<paramref name="skew"/>. The same seed gives the same samples.
/// </summary>
public sealed class ZipfSampler(int count, double skew, int seed)
{
    private readonly double[] _cumulated = Cumulate(count, skew);
    private readonly Random _random = new(seed);

    public int Next()
    {
        var found = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return found >= 0 ? found : ~found;
    }

    private static double[] Cumulate(int count, double skew)
    {
        var cumulated = new double[count];
        double sum = 0;
        for (var i = 0; i < count; i++)
            cumulated[i] = sum += Math.Pow(i + 1, -skew);
        return cumulated;
    }
}
