namespace OrleansCache.Memory;

/// <summary>Which generation of the <see cref="LruIndex"/> it was how long ago, to a second, for the last minutes.</summary>
internal sealed class GenerationAges(long now, long generation)
{
    /// <summary>How far back it is known, in milliseconds.</summary>
    public const long Longest = (Seconds - 2) * 1_000;

    private const int Seconds = 512;

    private readonly long[] _generations = Enumerable.Repeat(generation, Seconds).ToArray();
    private long _second = now / 1_000;

    public void Note(long now, long generation)
    {
        // A pause of any length leaves the generation that it began with in all seconds that it took.
        var last = _generations[_second % Seconds];
        for (var second = Math.Max(_second + 1, (now / 1_000) - Seconds); second <= now / 1_000; second++)
            _generations[second % Seconds] = last;
        _second = now / 1_000;
        _generations[_second % Seconds] = generation;
    }

    /// <summary>The generation that it was at that moment, or an earlier one.</summary>
    public long At(long moment) => _generations[Math.Clamp((moment / 1_000) - 1, _second - Seconds + 1, _second) % Seconds];
}
