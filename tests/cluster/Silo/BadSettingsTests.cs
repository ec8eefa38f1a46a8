namespace OrleansCache.Tests.Silo;

public sealed class BadSettingsTests
{
    public static TheoryData<string[], string> Bad => new()
    {
        {
            ["--region", "mars"],
            "OrleansCache:Silo:Region is mars; it must be one of the regions that are configured in OrleansCache:Regions (europe, asia)"
        },
        { ["--region", "europe", "--gateway-port", "11111"], "OrleansCache:Silo:GatewayPort is 11111" },
        { ["--region", "europe", "--silo-port", "70000"], "OrleansCache:Silo:SiloPort is 70000" },
        { ["--region", "europe", "--number", "0"], "OrleansCache:Silo:Number is 0" },
        { ["--region", "europe", "--OrleansCache:TimeToLive=00:00:00"], "OrleansCache:TimeToLive is 00:00:00" },
        { ["--region", "europe", "--OrleansCache:Slots=many"], "OrleansCache:Slots" },
        { ["--region", "europe", "--OrleansCache:Silo:Address", "0.0.0.0"], "OrleansCache:Silo:Address is 0.0.0.0" },
        { ["--region", "europe", "--OrleansCache:Clustering:Redis=host,nonsense=1"], "OrleansCache:Clustering:Redis: Part 2" },
        { ["--region", "europe", "--OrleansCache:Clustering:Primary=somewhere"], "OrleansCache:Clustering:Primary is somewhere" },
        { ["--region", "europe", "--OrleansCache:Catalog:Provider=oracle"], "OrleansCache:Catalog: The catalog's provider \"oracle\"" },
        { ["--region", "europe", "--OrleansCache:Silo:Tls:Certificate=/dev/null"], "OrleansCache:Silo:Tls:Certificate" },
        { ["--region", "europe", "--regoin", "asia"], "--regoin" },
        { ["--region", "europe", "--silo-port", "many"], "OrleansCache:Silo:SiloPort" },
        { ["--region"], "--region has no value" },
        { ["--region", "--number", "1"], "--region has no value" },
        { ["europe"], "\"europe\" is not an option" },
        { ["--region", "europe", "--gateway", "127.0.0.1:30000"], "\"--gateway\" is not an option" },
        { ["--region", "europe", "--OrleansCache:Http:Address=0.0.0.0"], "OrleansCache:Http:Address is 0.0.0.0" },
        { ["--region", "europe", "--OrleansCache:Http:Origins:0=shop.example"], "OrleansCache:Http:Origins:0 is shop.example" },
        { ["--region", "europe", "--OrleansCache:Http:ApiKeys:0:Hash=abc"], "OrleansCache:Http:ApiKeys:0:Hash" },
        { ["--region", "europe", "--OrleansCache:Http:ApiKeys:0:Hash=abc"], "OrleansCache:Http:ApiKeys:0:Id is not set" },
        { ["--region", "europe", "--OrleansCache:Http:ApiKeys:0:Role=admin"], "Role is admin; it must be read, edit or operate" },
        {
            ["--region", "europe", "--OrleansCache:Http:ApiKeys:0:Id=a", "--OrleansCache:Http:ApiKeys:1:Id=a"],
            "OrleansCache:Http:ApiKeys:1:Id is a"
        },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Invalid_arguments_and_settings_end_the_program_with_code_2_and_are_named(string[] arguments, string reason)
    {
        await using var scene = new SiloScene();

        var run = await Run.InProcessAsync([.. arguments, "--config", scene.SettingsFile]);

        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal(2, run.ExitCode);
    }

    [Theory]
    [InlineData("\"--region\" is not an option", "health", "--region", "europe")]
    [InlineData("--url has no value", "health", "--url")]
    [InlineData("--url is nowhere", "health", "--url", "nowhere")]
    public async Task Invalid_arguments_of_the_health_check_are_named(string reason, params string[] arguments)
    {
        var run = await Run.InProcessAsync(arguments);

        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task All_invalid_settings_are_reported_at_once()
    {
        await using var scene = new SiloScene();

        var run = await Run.InProcessAsync("--region", "mars", "--number", "0", "--OrleansCache:Slots=0", "--config", scene.SettingsFile);

        Assert.Equal(3, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_missing_settings_file_is_named()
    {
        var run = await Run.InProcessAsync("--region", "europe", "--config", "/nowhere/settings.json");

        Assert.Contains("/nowhere/settings.json", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_is_named()
    {
        await using var scene = new SiloScene();
        await File.WriteAllTextAsync(scene.SettingsFile, "{ no JSON");

        var run = await Run.InProcessAsync("--region", "europe", "--config", scene.SettingsFile);

        Assert.Contains(scene.SettingsFile, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Without_settings_the_message_says_what_is_needed()
    {
        var run = await Run.ToEndAsync();

        Assert.Contains("OrleansCache:Silo:Region is not set", run.Error, StringComparison.Ordinal);
        Assert.Contains("OrleansCache:Regions", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task The_environment_is_read_too_and_the_command_line_wins()
    {
        await using var scene = new SiloScene();

        var run = await Run.ToEndAsync(
            [("OrleansCache__Silo__Number", "-5"), ("OrleansCache__Silo__Region", "venus")],
            "--region",
            "mars",
            "--config",
            scene.SettingsFile);

        Assert.Contains("OrleansCache:Silo:Number is -5", run.Error, StringComparison.Ordinal);
        Assert.Contains("OrleansCache:Silo:Region is mars", run.Error, StringComparison.Ordinal);
    }
}
