namespace OrleansCache.Leases;

/// <summary>One edit, or several that are made together, from when their books' former edits have ended until their own have.</summary>
internal sealed class EditRound
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the books may be granted and edited again.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The moment from which no lease on the old rows is valid any more, whatever else happens; null while the round does not wait for leases to end.</summary>
    public long? WaitsUntil { get; set; }

    /// <summary>Whether the old rows were granted again meanwhile, so that the round must wait for that moment.</summary>
    public bool IsHeldToIt { get; private set; }

    /// <summary>Takes the right to grant the old row until <see cref="WaitsUntil"/>.</summary>
    /// <returns>That moment; null when the row must not be granted.</returns>
    public long? GrantUntil(long now)
    {
        if (WaitsUntil is not { } end || now >= end)
            return null;
        IsHeldToIt = true;
        return end;
    }

    public void End() => _ended.TrySetResult();
}
