using System.Net;
using System.Net.Sockets;
using OrleansCache.Catalogs;


namespace OrleansCache.Tests.Catalogs;

public sealed class CatalogFactoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("sqlite", "catalog.db", typeof(SqliteCatalog))]
    [InlineData("SQLite", "Data Source=catalog.db", typeof(SqliteCatalog))]
    [InlineData("postgres", "Host=localhost;Database=books", typeof(PostgresCatalog))]
    public async Task The_provider_chooses_the_database(string provider, string connection, Type expected)
    {
        await using var catalog = CatalogFactory.Create(new CatalogOptions { Provider = provider, ConnectionString = connection });

        Assert.IsType(expected, catalog);
    }

    [Fact]
    public void An_unknown_provider_is_named_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => CatalogFactory.Create(new CatalogOptions { Provider = "oracle" }));

        Assert.All(["oracle", "sqlite", "postgres"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Database=books;Password=opensesame")]
    [InlineData("Host=localhost;Colour=blue;Password=opensesame")]
    [InlineData("no connection string")]
    public void A_connection_string_without_a_server_is_refused_without_revealing_the_password(string connection)
    {
        var error = Assert.Throws<ArgumentException>(
            () => CatalogFactory.Create(new CatalogOptions { Provider = "postgres", ConnectionString = connection }));

        Assert.Contains("Host=", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("opensesame", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_connections_than_a_silo_needs_are_refused()
    {
        const string connection = "Host=localhost;Maximum Pool Size=7";
        var error = Assert.Throws<ArgumentException>(
            () => CatalogFactory.Create(new CatalogOptions { Provider = "postgres", ConnectionString = connection }));

        Assert.Contains("Maximum Pool Size is 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_without_the_password()
    {
        // A port that is bound but not listened on refuses connections, and no other process can take it.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)bound.LocalEndPoint!).Port;
        await using var catalog = new PostgresCatalog($"Host=127.0.0.1;Port={port};Database=books;Username=cache;Password=opensesame");

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => catalog.InitializeAsync(CancellationToken.None).WaitAsync(Patience));

        Assert.Contains($"books on 127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("opensesame", error.Message, StringComparison.Ordinal);
    }
}
