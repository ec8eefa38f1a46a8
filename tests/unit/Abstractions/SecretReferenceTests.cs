namespace OrleansCache.Tests.Abstractions;

/// <summary>Secrets by their places.</summary>
public sealed class SecretReferenceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_is_read_each_time_without_the_white_space_around_it()
    {
        File.WriteAllText(_file, "first\n");
        var secret = SecretReference.In($"${{file:{_file}}}")!;
        Assert.Equal("first", secret.Read());

        File.WriteAllText(_file, " second ");
        Assert.Equal("second", secret.Read());
        Assert.Equal("a=second,b", SecretReference.Expand($"a=${{file:{_file}}},b"));
        Assert.Equal($"${{file:{_file}}}", secret.ToString());
    }

    [Fact]
    public void A_variable_of_the_environment_is_read() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), SecretReference.In("${env:PATH}")!.Read());

    [Theory]
    [InlineData("${env:ORLEANSCACHE_NO_SUCH_VARIABLE}", "ORLEANSCACHE_NO_SUCH_VARIABLE")]
    [InlineData("${file:/no/such/file}", "/no/such/file")]
    public void What_is_not_there_is_named(string reference, string named) => Assert.Contains(
        named, Assert.Throws<InvalidTopologyException>(() => SecretReference.In(reference)!.Read()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("${vault:x}")]
    [InlineData("${file:}")]
    [InlineData("x${file:/a}")]
    public void Everything_else_is_none(string? text) => Assert.Null(SecretReference.In(text));
}
