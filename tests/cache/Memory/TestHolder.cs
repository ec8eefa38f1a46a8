using OrleansCache.Memory;

namespace OrleansCache.Tests.Memory;

/// <summary>A holder that leaves at once, or when the test lets it.</summary>
internal sealed class TestHolder(CopyTable table, bool leavesAtOnce = true) : ICopyHolder
{
    public KeptCopy? Kept { get; private set; }

    /// <summary>Why it was told to leave, each time that it was.</summary>
    public List<LeaveReason> Told { get; } = [];

    /// <summary>Called when it is told to leave.</summary>
    public Action<KeptCopy>? OnLeave { get; init; }

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive) => Keep(book, payloadBytes, timeToLive, table.Revocations);

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive, long loadedAt) =>
        (Kept = table.TryKeep(this, book, payloadBytes, timeToLive, loadedAt)) is not null;

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
