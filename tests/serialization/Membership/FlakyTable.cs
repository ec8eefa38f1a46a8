using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>A table that can be made unreachable, or lose what it has.</summary>
internal sealed class FlakyTable : IMembershipTable
{
    private InProcessMembershipTable _inner = new();

    public bool IsDown { get; set; }

    public TimeSpan SettleTime => TimeSpan.Zero;

    public void Lose() => _inner = new InProcessMembershipTable();

    public ValueTask<MembershipState> ReadAsync(CancellationToken token)
    {
        Check();
        return _inner.ReadAsync(token);
    }

    public ValueTask<bool> TryWriteAsync(MembershipState next, long expected, CancellationToken token)
    {
        Check();
        return _inner.TryWriteAsync(next, expected, token);
    }

    public Task WaitForChangeAsync(long known, CancellationToken token) => _inner.WaitForChangeAsync(known, token);

    private void Check()
    {
        if (IsDown) throw new MembershipUnavailableException("down");
    }
}
