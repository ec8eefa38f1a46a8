namespace OrleansCache.Entries;

/// <summary>Which generation of the <see cref="LruIndex"/> was current at a past moment, to a second, for the last minutes.</summary>
internal sealed class GenerationAges(long now, long generation)
{
    /// <summary>How far back it is known, in milliseconds.</summary>
    public const long Longest = (Seconds - 2) * 1_000;

    private const int Seconds = 512;

    private readonly long[] _generations = Enumerable.Repeat(generation, Seconds).ToArray();
    private long _second = now / 1_000;

    public void Note(long now, long generation)
    {
        // During a pause of any length the generation of its start was current.
        var last = _generations[SlotOf(_second)];
        for (var second = Math.Max(_second + 1, (now / 1_000) - Seconds); second <= now / 1_000; second++)
            _generations[SlotOf(second)] = last;
        _second = now / 1_000;
        _generations[SlotOf(_second)] = generation;
    }

    /// <summary>The generation that was current at that moment, or an earlier one.</summary>
    public long At(long moment) => _generations[SlotOf(Math.Clamp((moment / 1_000) - 1, _second - Seconds + 1, _second))];

    // The clock starts with the machine, so a moment minutes ago may be negative.
    private static long SlotOf(long second) => ((second % Seconds) + Seconds) % Seconds;
}
