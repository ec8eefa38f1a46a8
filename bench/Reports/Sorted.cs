namespace OrleansCache.Bench.Reports;

/// <summary>Measured values in their order.</summary>
internal sealed class Sorted(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    public int Count => _values.Length;

    public double Least => _values[0];

    public double Most => _values[^1];

    public double Median => At(0.5);

    /// <summary>The value below which that part of all lies.</summary>
    public double At(double part) => _values[Math.Min((int)(_values.Length * part), _values.Length - 1)];
}
