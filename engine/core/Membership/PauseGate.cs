namespace OrleansCache.Engine.Membership;

/// <summary>
/// Holds back what a silo sends once it finds that it was not running for as long as it takes the others to declare it dead:
/// first it has to learn whether they have. Shut for good when they have.
/// </summary>
internal sealed class PauseGate(TimeSpan limit, Func<Task<bool>> isStillMember, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>Before the first beat there is no pause to be seen: the silo is only starting.</summary>
    private long _lastBeat = long.MaxValue;
    private Task? _checking;
    private volatile bool _isShut;

    /// <summary>Completes when the silo may send.</summary>
    /// <exception cref="IOException">It may not any more.</exception>
    public ValueTask PassAsync() => !_isShut && time.GetElapsedTime(Volatile.Read(ref _lastBeat)) < limit ? ValueTask.CompletedTask : new ValueTask(WaitAsync());

    /// <summary>Called again and again, much more often than the limit: the silo is running.</summary>
    public void Beat()
    {
        // The same moment is compared and kept: a pause in between is then seen by the next one who looks.
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(Volatile.Read(ref _lastBeat), now) < limit) Volatile.Write(ref _lastBeat, now);
        else Check();
    }

    /// <summary>The silo sends nothing any more.</summary>
    public void Shut() => _isShut = true;

    private async Task WaitAsync()
    {
        if (!_isShut) await Check();
        if (_isShut) throw new IOException("This silo does not belong to the cluster any more, so it sends nothing.");
    }

    private Task Check()
    {
        lock (_gate)
        {
            if (_checking is null or { IsCompleted: true } && time.GetElapsedTime(_lastBeat) >= limit) _checking = CheckAsync();
            return _checking ?? Task.CompletedTask;
        }
    }

    private async Task CheckAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_isShut)
        {
            var begun = time.GetTimestamp();
            if (!await isStillMember())
            {
                _isShut = true;
                return;
            }

            // A second pause while it was looking makes what it found old.
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(begun, now) >= limit) continue;
            Volatile.Write(ref _lastBeat, now);
            return;
        }
    }
}
