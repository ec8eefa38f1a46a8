
namespace OrleansCache.Deployment.Tests.Scripts;

/// <summary><c>./run</c> and <c>./test</c> in a checkout that was never built, on a machine with another SDK than they need.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("orleanscache-tests-");

    public ScriptTests()
    {
        foreach (var script in (string[])["run", "test"])
            File.Copy(Repository.PathOf(script), Path.Combine(_checkout.FullName, script));
        // A copy of a script has its permission to be executed.
        var dotnet = Path.Combine(_checkout.CreateSubdirectory("bin").FullName, "dotnet");
        File.Copy(Repository.PathOf("run"), dotnet);
        File.WriteAllText(dotnet, """
            #!/bin/sh
            [ "$1" = --list-sdks ] && echo "8.0.100 [/usr/share/dotnet/sdk]" && exit 0
            echo "A compatible .NET SDK was not found."
            exit 155
            """);
    }

    public void Dispose() => _checkout.Delete(recursive: true);

    [Theory]
    [InlineData("./run")]
    [InlineData("./test")]
    public async Task With_another_SDK_one_line_says_which_is_missing(string script)
    {
        var (code, said) = await RunAsync(script);

        Assert.Equal((2, "The .NET 10 SDK is missing; this machine has: 8.0.100. Install the package dotnet-sdk-10.0."), (code, said));
    }

    [Theory]
    [InlineData("--filter")]
    public async Task An_option_without_its_name_is_refused(string option)
    {
        var (code, said) = await RunAsync("./test", option);

        Assert.Equal((2, $"./test {option} needs a name after it; see ./test --help."), (code, said));
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] command)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.Combine(_checkout.FullName, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        return await Commands.RunAsync(_checkout.FullName, command, environment);
    }
}
