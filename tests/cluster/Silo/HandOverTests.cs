using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Tests.Silo;

/// <summary>A silo that needs all its time to shut down hands over before the time is over.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task A_silo_that_runs_out_of_time_after_its_grains_were_deactivated_has_handed_over() =>
        Assert.True(await StopAsync(new StopsLate(ServiceLifecycleStage.ApplicationServices)));

    [Fact]
    public async Task A_silo_that_runs_out_of_time_while_its_grains_are_deactivated_has_not() =>
        // The stage in which Orleans deactivates grains.
        Assert.False(await StopAsync(new StopsLate(ServiceLifecycleStage.BecomeActive - 1)));

    private static async Task<bool> StopAsync(StopsLate part)
    {
        await using var scene = new SiloScene();
        var options = scene.Silo("europe");
        var host = await SiloHost.BuildAsync(
            [
                "--config", scene.SettingsFile, "--region", options.Region,
                "--silo-port", $"{options.SiloPort}", "--gateway-port", $"{options.GatewayPort}",
                "--OrleansCache:Http:Port=0",
            ],
            (services, _) => services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(part),
            CancellationToken.None);
        await using var disposable = (IAsyncDisposable)host;
        await host.StartAsync();
        using var patience = new CancellationTokenSource();

        var stop = host.StopAsync(patience.Token);
        await part.Reached.WaitAsync(SiloScene.Bound);
        await patience.CancelAsync();
        await stop.WaitAsync(SiloScene.Bound);

        return host.Services.GetRequiredService<HandOver>().IsDone;
    }

    /// <summary>A part of a silo that stops only when the time to shut down is over.</summary>
    private sealed class StopsLate(int stage) : ILifecycleParticipant<ISiloLifecycle>
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Participate(ISiloLifecycle lifecycle) =>
            lifecycle.Subscribe(nameof(StopsLate), stage, _ => Task.CompletedTask, async outOfTime =>
            {
                _reached.SetResult();
                await Task.Delay(Timeout.Infinite, outOfTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
    }
}
