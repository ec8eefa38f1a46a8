using System.Runtime.CompilerServices;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>What waits for a grain that does not move.</summary>
public sealed class MailboxTests
{
    private const int Calls = 2_000;

    [Fact]
    public async Task Calls_that_have_timed_out_do_not_pile_up_before_a_stuck_grain()
    {
        await using var silo = await TcpSilo.StartAsync();
        var grain = silo.Grains.GetGrain<ICounterGrain>("stuck");
        await grain.Add();
        var waiting = grain.Wait();

        WeakReference[] burdens = [.. await SendAsync(grain), .. await SendAsync(grain)];

        await Eventually.IsTrueAsync(
            () =>
            {
                GC.Collect();
                return burdens.Count(burden => burden.IsAlive) < Calls * 3 / 2;
            },
            "the calls of the first half to be forgotten");
        await grain.Release();
        await waiting.WaitAsync(Eventually.Bound);
        Assert.Equal(2, await grain.Add());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> SendAsync(ICounterGrain grain)
    {
        var sent = Enumerable.Range(0, Calls).Select(number => Send(grain, number)).ToList();
        foreach (var (call, _) in sent)
            await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Eventually.Bound));
        return [.. sent.Select(call => call.Burden)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Task Call, WeakReference Burden) Send(ICounterGrain grain, int number)
    {
        var burden = new Burden(number);
        return (grain.Take(burden), new WeakReference(burden));
    }
}
