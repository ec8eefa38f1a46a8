using Orleans.Runtime;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Internals.Tests.Messaging;

/// <summary>Every call ends.</summary>
public sealed class CallTimeoutsTests
{
    [Fact]
    public async Task A_call_that_comes_while_the_host_stops_ends_too()
    {
        for (var round = 0; round < 1_500; round++)
        {
            var timeouts = new CallTimeouts(TimeProvider.System);
            LooseCall[] calls = [.. Enumerable.Range(0, 2000).Select(_ => new LooseCall { Deadline = long.MaxValue })];
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var adding = Task.Run(() =>
            {
                started.SetResult();
                foreach (var call in calls)
                    timeouts.Add(call);
            });

            await started.Task;
            timeouts.Stop("The host has stopped.");
            await adding;

            foreach (var call in calls)
                Assert.IsType<SiloUnavailableException>(await call.Failed.WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }
}
