using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OrleansCache.Cli.Cluster;
using OrleansCache.LocalClusters;
using static Microsoft.Playwright.Assertions;

namespace OrleansCache.Tests;

/// <summary>What a person sees and does on the page. The cluster is one for all tests, so each mends what it breaks.</summary>
public sealed class PageTests(PageScene scene) : IClassFixture<PageScene>
{
    private const string Key = "book::1984";

    [Theory]
    [InlineData(400, "Light")]
    [InlineData(400, "Dark")]
    [InlineData(1400, "Light")]
    [InlineData(1400, "Dark")]
    [InlineData(2000, "Light")]
    public async Task It_fits_its_window_breaks_no_rule_of_accessibility_and_asks_no_other_host(int width, string theme)
    {
        await using var open = await scene.OpenAsync(width, Enum.Parse<ColorScheme>(theme));
        var page = open.Page;
        await LookUpAsync(page, Key);
        await Expect(page.Locator(".steps .hit")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-break]").First).ToBeVisibleAsync();

        // The widest time that a step can show.
        await page.EvaluateAsync("document.querySelector('.steps .hit .num').textContent = '<0.01 ms'");
        var wide = await page.EvaluateAsync<string[]>(
            "document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]"
            + ".filter(one => !one.closest('.scroll') && one.getBoundingClientRect().right > innerWidth)"
            + ".map(one => `${one.outerHTML.slice(0, 100)} ends at ${one.getBoundingClientRect().right}`)");
        Assert.True(wide.Length == 0, $"The page scrolls sideways: {string.Join("; ", wide)}");
        var dark = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor") is "rgb(15, 17, 26)";
        Assert.Equal(theme == "Dark", dark);
        var findings = await page.RunAxe();
        Assert.Equal(
            [],
            findings.Violations.Where(finding => finding.Impact is "serious" or "critical")
                .Select(finding => $"{finding.Id}: {string.Join("; ", finding.Nodes.Select(node => node.Html))}"));
        Assert.Equal([], open.Wrong);
    }

    [Fact]
    public async Task The_theme_can_be_chosen_and_stays()
    {
        await using var open = await scene.OpenAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Use the dark theme" }).ClickAsync();
        await open.Page.ReloadAsync();

        await Expect(open.Page.GetByRole(AriaRole.Button, new() { Name = "Use the light theme" })).ToBeVisibleAsync();
        await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task A_lookup_is_shown_step_by_step_and_with_every_copy()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await page.GetByLabel("as a reader in").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await LookUpAsync(page, "book::dune");

        await Expect(page.Locator(".way h3")).ToContainTextAsync("answered by");
        await Expect(page.Locator(".steps .hit")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-copy]")).ToHaveCountAsync(6);
        await Expect(page.Locator("[data-catalog]")).ToContainTextAsync("version 1");
        await Expect(page.Locator("[data-state=same]").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_edit_made_elsewhere_is_seen()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await LookUpAsync(page, "book::emma");
        await Expect(page.Locator("[data-state=same]").First).ToBeVisibleAsync();

        var receipt = await scene.EditAsync("book::emma", new("Emma, edited elsewhere"));
        await LookUpAsync(page, "book::emma");

        await Expect(page.Locator(".way h3")).ToContainTextAsync("Emma, edited elsewhere");
        await Expect(page.Locator("[data-state=same]").First).ToContainTextAsync($"version {receipt.Version}");
    }

    [Fact]
    public async Task A_book_is_edited_on_the_page_and_its_copies_turn()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await LookUpAsync(page, "book::walden");
        await Expect(page.Locator("[data-state=same]").First).ToContainTextAsync("version 1");
        var edit = page.Locator("form.edit");

        await edit.GetByLabel("Title").FillAsync("Walden, edited here");
        await edit.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(edit.GetByRole(AriaRole.Status)).ToContainTextAsync("Version 2 was acknowledged after");
        await Expect(page.Locator("[data-catalog]")).ToContainTextAsync("version 2");
        await Expect(page.Locator("[data-state=same]").First).ToContainTextAsync("version 2");
        await Expect(page.Locator("[data-state=different]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".way h3")).ToContainTextAsync("Walden, edited here");
        await Expect(page.Locator(".events .edit")).ToContainTextAsync("Book::walden was edited here: version 2");
    }

    [Fact]
    public async Task Who_edits_a_version_that_is_not_current_any_more_is_told_so()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await LookUpAsync(page, "book::ulysses");
        var edit = page.Locator("form.edit");
        await edit.GetByLabel("Title").FillAsync("Ulysses, edited too late");

        await scene.EditAsync("book::ulysses", new("Ulysses, edited before"));
        await edit.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(edit.GetByRole(AriaRole.Status)).ToContainTextAsync("Somebody else has edited it meanwhile");
    }

    [Fact]
    public async Task Dropped_copies_are_gone_and_the_next_lookup_shows_its_way_to_the_catalog_with_times()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await LookUpAsync(page, "book::frankenstein");
        await Expect(page.Locator("[data-state=same]").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Drop its copies" }).ClickAsync();
        await Expect(page.Locator("[data-state=none]")).ToHaveCountAsync(6);
        await Expect(page.Locator("[data-catalog]")).ToContainTextAsync("version 1");

        // The owner may have remembered the row, for a moment.
        await page.GetByLabel("as a reader in").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await LookUpAsync(page, "book::frankenstein");
        await Expect(page.Locator(".steps .miss")).ToHaveCountAsync(3);
        await Expect(page.Locator(".steps .hit")).ToContainTextAsync(new Regex("catalog|owner"));
        await Expect(page.Locator(".steps .hit .num")).ToHaveTextAsync(new Regex("^[<0-9.]+ m?s$"));
        await Expect(page.Locator(".steps .way .track i")).ToHaveCountAsync(1);
        // No bar ends after the whole lookup.
        Assert.True(await page.EvaluateAsync<bool>(
            "[...document.querySelectorAll('.steps i')].every(bar => parseFloat(bar.style.left) + parseFloat(bar.style.width) < 100.01)"));
    }

    [Fact]
    public async Task The_hottest_keys_are_shown_and_one_click_looks_one_up()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "20", Exact = true }).ClickAsync();

        var hottest = page.Locator("[data-hot]").First;
        await Expect(hottest).ToContainTextAsync("%");
        var key = await hottest.GetAttributeAsync("data-hot");
        await page.GetByRole(AriaRole.Button, new() { Name = key, Exact = true }).ClickAsync();
        await Expect(page.Locator(".steps .hit")).ToHaveCountAsync(1);
        await Expect(page.GetByLabel("Key", new() { Exact = true })).ToHaveValueAsync(key!);
        await page.GetByRole(AriaRole.Button, new() { Name = "off", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "off", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_cluster_that_asks_for_a_key_gets_it_from_a_form()
    {
        const string key = "a-key-of-this-test";
        await using var cluster = await ProcessCluster.StartAsync(new()
        {
            Http = true,
            Regions = ["europe"],
            Settings = new Dictionary<string, string>
            {
                ["Http:ApiKeys:0:Id"] = "test",
                ["Http:ApiKeys:0:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
                ["Http:ApiKeys:0:Role"] = "read",
            },
        });
        await using var front = await ClusterFront.StartAsync(cluster, null, new(), null, CancellationToken.None);
        await using var open = await scene.OpenAtAsync(front.Address);
        var page = open.Page;

        await page.GetByLabel("API key").FillAsync("another-key");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(page.Locator(".locked")).ToContainTextAsync("That key is not known");
        await Expect(page.GetByText("Where is this key?")).ToHaveCountAsync(0);

        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(page.Locator("[data-silo='europe.1'] .pill")).ToHaveTextAsync("answers");
        // It may read, and nothing else.
        await LookUpAsync(page, "page::locked");
        await page.Locator("form.edit").GetByLabel("Title").FillAsync("Locked");
        await page.Locator("form.edit").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("form.edit .wrong")).ToContainTextAsync("role");
    }

    [Fact]
    public async Task Traffic_shows_as_lookups_of_every_region()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "20", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "20", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        var paces = page.Locator(".region .pace");
        await Expect(paces).ToHaveCountAsync(3);
        for (var i = 0; i < 3; i++)
            await Expect(paces.Nth(i)).Not.ToHaveTextAsync("0/s");
        await page.GetByRole(AriaRole.Button, new() { Name = "off", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "off", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused_with_a_reason()
    {
        await using var open = await scene.OpenAsync();
        await LookUpAsync(open.Page, new string('x', 300));

        await Expect(open.Page.Locator(".keys .wrong").First).ToContainTextAsync("at most 256 are allowed");
    }

    [Fact]
    public async Task A_killed_silo_is_shown_within_five_seconds_and_the_page_goes_on()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        // Not the one that serves the page: that would be seen even sooner.
        var served = await page.Locator(".status").InnerTextAsync();
        var silo = scene.Cluster.Silos.Select(silo => silo.Name).First(name => !served.Contains(name) && !name.StartsWith("europe"));
        await page.GetByRole(AriaRole.Button, new() { Name = $"Kill {silo}" }).ClickAsync();

        await Expect(page.Locator($"[data-silo='{silo}'] .pill")).ToHaveTextAsync("silent");
        var (broken, seen) = (await TimeOfAsync(page, $"{silo} was killed"), await TimeOfAsync(page, "does not answer"));
        Assert.InRange(seen - broken, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Expect(page.Locator(".card.problem").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Start {silo}" }).ClickAsync();
        await Expect(page.Locator($"[data-silo='{silo}'] .pill")).ToHaveTextAsync("answers");
        await Expect(page.Locator("[data-advice=all-well]")).ToBeVisibleAsync();
        Assert.Equal([], open.Wrong);
    }

    [Fact]
    public async Task A_killed_silo_that_serves_the_page_is_replaced_by_another_one()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        var status = await page.Locator(".status").InnerTextAsync();
        var silo = scene.Cluster.Silos.Select(silo => silo.Name).First(status.Contains);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Kill {silo}" }).ClickAsync();

        await Expect(page.Locator(".status")).Not.ToContainTextAsync(silo);
        await Expect(page.Locator(".status")).ToContainTextAsync("Live from");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Start {silo}" }).ClickAsync();
        await Expect(page.Locator($"[data-silo='{silo}'] .pill")).ToHaveTextAsync("answers");
        await Expect(page.Locator("[data-advice=all-well]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_stopped_Redis_is_shown_within_five_seconds_when_it_is_used()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Kill node of asia" }).ClickAsync();
        // What is in the silos' memory needs no node: these keys are in none.
        using var client = new HttpClient();
        var down = page.Locator("[data-advice^='node-down:asia/']");
        for (var i = 0; !await down.IsVisibleAsync(); i++)
            await client.GetStringAsync($"{scene.Address}v1/live/lookup?region=asia&key=none::{i}");

        var (broken, seen) = (await TimeOfAsync(page, "The Redis of asia was killed"), await TimeOfAsync(page, "is off the ring"));
        Assert.InRange(seen - broken, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        await page.GetByRole(AriaRole.Button, new() { Name = "Start node of asia" }).ClickAsync();
        await Expect(page.Locator("[data-advice=all-well]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task It_is_used_with_the_keyboard_alone()
    {
        await using var open = await scene.OpenAsync();
        var page = open.Page;
        await ReachAsync(page, "document.activeElement.dataset.region === 'europe'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("The ring of europe")).ToBeVisibleAsync();

        await ReachAsync(page, "document.activeElement.name === 'key'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".steps .hit")).ToHaveCountAsync(1);

        await ReachAsync(page, "document.activeElement.getAttribute('aria-label') === 'Pause node of europe'");
        await page.Keyboard.PressAsync("Enter");
        await ReachAsync(page, "document.activeElement.getAttribute('aria-label') === 'Resume node of europe'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-break='redis/europe'] .pill")).ToHaveTextAsync("running");
        await Expect(page.Locator("[data-advice=all-well]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nobody_else_may_break_anything()
    {
        using var client = new HttpClient();
        foreach (var (name, value) in ((string, string)[])
            [("Origin", "http://elsewhere.example"), ("Sec-Fetch-Site", "cross-site"), ("Host", "elsewhere.example")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{scene.Address}v1/break/silo/asia.1/kill");
            request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(request);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.False(scene.Cluster.Silo("asia.1").Ended.IsCompleted);
    }

    private static async Task LookUpAsync(IPage page, string key)
    {
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Look it up" }).ClickAsync();
    }

    /// <summary>The time of the newest event of the time line that contains a text.</summary>
    private static async Task<TimeSpan> TimeOfAsync(IPage page, string text)
    {
        var found = page.Locator(".events li", new() { HasText = text }).First;
        await found.WaitForAsync();
        return TimeSpan.Parse(await found.Locator("time").InnerTextAsync());
    }

    /// <summary>Presses the tabulator until an element has the focus.</summary>
    private static async Task ReachAsync(IPage page, string condition)
    {
        const int most = 300;
        for (var i = 0; i < most; i++)
        {
            if (await page.EvaluateAsync<bool>(condition))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The tabulator does not reach what fulfils {condition}.");
    }
}
