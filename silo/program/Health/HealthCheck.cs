using Microsoft.Extensions.Configuration;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Silo.Health;

/// <summary>Asks the HTTP server of a silo whether the silo is ready, for supervisors that run a command and cannot ask by HTTP.</summary>
internal sealed class HealthCheck(Uri server)
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <summary>Reads the arguments after the word <c>health</c>.</summary>
    /// <exception cref="SettingsException">The arguments are invalid.</exception>
    public static HealthCheck Read(string[] args)
    {
        var configuration = new ConfigurationManager();
        configuration.AddSiloSettings(args, SiloArguments.HealthSwitches);
        var text = configuration[SiloArguments.UrlKey] ?? DefaultServer;
        return Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? new(new Uri(server, "/health/ready"))
            : throw new SettingsException($"--url is {text}; give the address of the silo's HTTP server, such as {DefaultServer}.");
    }

    /// <summary>Asks the silo and writes the result.</summary>
    /// <returns><see cref="SiloExitCode.Done"/> or <see cref="SiloExitCode.Dead"/>.</returns>
    public async Task<int> RunAsync(TextWriter output, TextWriter error)
    {
        string problem;
        try
        {
            // What is asked is near, so no proxy of the environment is on the way.
            using var handler = new SocketsHttpHandler { UseProxy = false };
            using var client = new HttpClient(handler) { Timeout = SiloTimeouts.HealthCheck };
            using var answer = await client.GetAsync(server).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                await output.WriteLineAsync(text).ConfigureAwait(false);
                return SiloExitCode.Done;
            }

            problem = $"The silo behind {server} is not ready: {(int)answer.StatusCode} {text}";
        }
        catch (OperationCanceledException)
        {
            problem = $"The silo behind {server} did not answer within {SiloTimeouts.HealthCheck.TotalSeconds:0} s.";
        }
        catch (HttpRequestException failure)
        {
            problem = $"The silo behind {server} does not answer: {failure.Message}";
        }

        await error.WriteLineAsync(problem).ConfigureAwait(false);
        return SiloExitCode.Dead;
    }
}
