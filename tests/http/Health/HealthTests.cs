using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Health;

/// <summary>What a supervisor is told.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_silo_is_ready_while_all_its_checks_hold_and_alive_in_any_case()
    {
        var silo = new TestSilo();
        await using var server = await TestServer.StartAsync(silo: silo);
        await StatesAsync("healthy", 200);
        foreach (var set in (Action<bool>[])
            [
                value => silo.IsJoined = value,
                value => silo.HasRing = value,
                value => silo.HasSource = value,
                value => silo.IsStopping = !value,
            ])
        {
            set(false);
            await StatesAsync("unhealthy", 503);
            Assert.Equal(200, (int)(await server.GetAsync("/health/live")).StatusCode);
            set(true);
        }

        await StatesAsync("healthy", 200);

        async Task StatesAsync(string status, int code)
        {
            var answer = await server.GetAsync("/health/ready");
            var document = await answer.JsonAsync();
            Assert.Equal(code, (int)answer.StatusCode);
            Assert.Equal(status, (string?)document["status"]);
            Assert.Equal("europe.1", (string?)document["silo"]);
            Assert.Equal(silo.IsJoined, (bool)document["checks"]!["joined"]!);
            Assert.Equal(silo.HasRing, (bool)document["checks"]!["ring"]!);
            Assert.Equal(silo.HasSource, (bool)document["checks"]!["source"]!);
            Assert.Equal(silo.IsStopping, (bool)document["checks"]!["stopping"]!);
        }
    }
}
