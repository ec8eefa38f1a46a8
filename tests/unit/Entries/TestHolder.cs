using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>A holder that leaves at once, or when the test lets it.</summary>
internal sealed class TestHolder(CopyTable table, Clock clock, bool leavesAtOnce = true) : ICopyHolder
{
    public KeptCopy? Kept { get; private set; }

    /// <summary>Why it was told to leave, each time that it was.</summary>
    public List<LeaveReason> Told { get; } = [];

    /// <summary>Called when it is told to leave.</summary>
    public Action<KeptCopy>? OnLeave { get; init; }

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive) => Keep(book, payloadBytes, timeToLive, table.Revocations.Of(book));

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive, long noted)
    {
        var copy = TestCopies.Make(this, book, payloadBytes, clock.Now + (long)timeToLive.TotalMilliseconds);
        Kept = table.TryKeep(copy, noted) ? copy : null;
        return Kept is not null;
    }

    public void Leave(KeptCopy copy, LeaveReason reason)
    {
        Told.Add(reason);
        OnLeave?.Invoke(copy);
        if (leavesAtOnce)
            Go();
    }

    public void Go()
    {
        if (Kept is { } kept)
            table.Release(kept);
        Kept = null;
    }
}
