using OrleansCache.Silo.Startup;

namespace OrleansCache.Tests.Silo.Configuration;

public sealed class SettingArgumentsTests
{
    [Fact]
    public void Settings_are_told_from_options_in_both_of_their_forms()
    {
        var (settings, words) = SettingArguments.Split(
            ["--region", "asia", "--OrleansCache:Home=asia", "--OrleansCache:Slots", "8", "health", "--orleanscache:Silo:Number=2", "--Logging:LogLevel:Default=Debug"]);

        Assert.Equal(["--OrleansCache:Home=asia", "--OrleansCache:Slots", "8", "--orleanscache:Silo:Number=2", "--Logging:LogLevel:Default=Debug"], settings);
        Assert.Equal(["--region", "asia", "health"], words);
    }

    [Fact]
    public void A_setting_without_a_value_at_the_end_takes_nothing_with_it()
    {
        var (settings, words) = SettingArguments.Split(["--region", "asia", "--OrleansCache:Home"]);

        Assert.Equal(["--OrleansCache:Home"], settings);
        Assert.Equal(["--region", "asia"], words);
    }
}
