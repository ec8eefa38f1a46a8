namespace OrleansCache.Engine.Membership;

/// <summary>The table of a cluster whose silos share a process, or whose primary silo holds it for the others.</summary>
internal sealed class InProcessMembershipTable : IMembershipTable
{
    private readonly Lock _gate = new();
    private MembershipState _current = MembershipState.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TimeSpan SettleTime => TimeSpan.Zero;

    public ValueTask<MembershipState> ReadAsync(CancellationToken token)
    {
        lock (_gate) return ValueTask.FromResult(_current);
    }

    public ValueTask<bool> TryWriteAsync(MembershipState next, long expected, CancellationToken token)
    {
        lock (_gate)
        {
            if (_current.Version != expected) return ValueTask.FromResult(false);
            _current = next;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return ValueTask.FromResult(true);
        }
    }

    public Task WaitForChangeAsync(long known, CancellationToken token)
    {
        lock (_gate) return _current.Version > known ? Task.CompletedTask : _changed.Task.WaitAsync(token);
    }
}
