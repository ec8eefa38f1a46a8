using System.Net;
using OrleansCache.Engine.Directory;

namespace OrleansCache.Engine.Membership;

/// <summary>The table that the primary silo of a cluster without a clustering store holds, seen from another silo.</summary>
internal sealed class PrimaryMembershipTable(IPEndPoint primary, Func<CancellationToken, Task<SiloAddress>> identify, Func<SiloAddress, ISiloControl> silos, TimeProvider time) : IMembershipTable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile SiloAddress? _known;

    public TimeSpan SettleTime => TimeSpan.Zero;

    public async ValueTask<MembershipState> ReadAsync(CancellationToken token) => MembershipText.Read(await AskAsync((silo, limit) => silo.ReadTableAsync(limit), token));

    public ValueTask<bool> TryWriteAsync(MembershipState next, long expected, CancellationToken token) =>
        AskAsync((silo, limit) => silo.WriteTableAsync(MembershipText.Write(next), expected, limit), token);

    public Task WaitForChangeAsync(long known, CancellationToken token) => Task.Delay(Period, time, token);

    private async ValueTask<T> AskAsync<T>(Func<ISiloControl, CancellationToken, ValueTask<T>> ask, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(Budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            // A primary that was started again is another silo at the same endpoint.
            var silo = _known ??= await identify(either.Token).WaitAsync(either.Token);
            return await ask(silos(silo), either.Token).AsTask().WaitAsync(either.Token);
        }
        catch (Exception exception) when (!token.IsCancellationRequested && exception is OrleansException or OperationCanceledException or TimeoutException)
        {
            _known = null;
            throw new MembershipUnavailableException($"The primary silo at {primary} does not answer: {(limit.IsCancellationRequested ? $"no answer within {Budget.TotalSeconds:0} s" : exception.Message)}", exception);
        }
    }
}
