namespace OrleansCache.Owners;

/// <summary>One edit, or several that are made together, from when their books' former edits have ended until their own have.</summary>
internal sealed class EditRound
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _oldRowsUntil = long.MinValue;
    private bool _wereGranted;

    /// <summary>Ends when the books may be granted and edited again.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to wait for leases on the old rows to be given back or to end; who asks meanwhile may be given others that end no later than the last of them.</summary>
    public void AllowOldRows(long until) => (_oldRowsUntil, _wereGranted) = (until, false);

    /// <summary>Ends that.</summary>
    /// <returns>Whether others were given leases, so that there are some again.</returns>
    public bool ForbidOldRows()
    {
        var were = _wereGranted;
        (_oldRowsUntil, _wereGranted) = (long.MinValue, false);
        return were;
    }

    /// <summary>The moment at which a lease on an old row must end that is granted now; null when none may be.</summary>
    public long? GrantUntil(long now) => now < _oldRowsUntil ? _oldRowsUntil : null;

    /// <summary>Says that such a lease was granted.</summary>
    public void NoteGranted() => _wereGranted = true;

    public void End() => _ended.TrySetResult();
}
