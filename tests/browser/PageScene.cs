using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using OrleansCache.Catalogs;
using OrleansCache.Client;
using OrleansCache.Cli.Cluster;
using OrleansCache.LocalClusters;

namespace OrleansCache.Tests;

/// <summary>A cluster of processes with its page, and a browser.</summary>
public sealed class PageScene : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ClusterFront? _front;

    public string Address => _front!.Address;

    internal ProcessCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await ProcessCluster.StartAsync(new()
        {
            Http = true,
            PrepareCatalog = FillAsync,
        });
        _front = await ClusterFront.StartAsync(Cluster, null, new(), null, CancellationToken.None);
        // Not shorter on a busy machine: what must be fast is measured by the page's own times.
        Assertions.SetDefaultExpectTimeout(120_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_front is not null)
            await _front.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Opens the page, and waits until it shows the cluster.</summary>
    public async Task<OpenPage> OpenAsync(int width = 1400, ColorScheme theme = ColorScheme.Light)
    {
        var open = await OpenAtAsync(Address, width, theme);
        var page = open.Page;
        await page.Locator(".advice .card").First.WaitForAsync();
        await page.Locator("[data-advice=starting]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return open;
    }

    /// <summary>Opens the page of a cluster.</summary>
    public async Task<OpenPage> OpenAtAsync(string address, int width = 1400, ColorScheme theme = ColorScheme.Light)
    {
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        page.SetDefaultTimeout(120_000);
        var open = new OpenPage(page, address);
        await page.GotoAsync(address);
        return open;
    }

    /// <summary>Edits a book as another program does.</summary>
    public async Task<EditReceipt> EditAsync(string key, Book book)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = Cluster.ClientSettings.ToDictionary(setting => $"OrleansCache:{setting.Key}", setting => (string?)setting.Value);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddBookCache(builder.Configuration.GetSection("OrleansCache"));
        using var client = builder.Build();
        await client.StartAsync();
        var receipt = await client.Services.GetRequiredService<IBookCache>().PutAsync(key, book);
        await client.StopAsync();
        return receipt;
    }

    private static async Task FillAsync(CatalogOptions settings, CancellationToken cancellation)
    {
        await using var catalog = CatalogFactory.Create(settings);
        await catalog.InitializeAsync(cancellation);
        await Cli.Sessions.ShippedBooks.StoreAsync(catalog.StoreAsync, cancellation);
    }
}

/// <summary>A page in the browser, and what it should not have done.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _wrong = [];

    public OpenPage(IPage page, string address)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Note($"console: {message.Text}");
        };
        page.PageError += (_, error) => Note($"error: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                Note($"request of another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, uncaught ones, and requests of other hosts.</summary>
    public string[] Wrong
    {
        get
        {
            lock (_wrong)
                return [.. _wrong];
        }
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    private void Note(string what)
    {
        lock (_wrong)
            _wrong.Add(what);
    }
}
